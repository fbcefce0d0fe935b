"""What a promise was, line by line, as a person can read it; in words: docs/sla.md."""

from slas.ledger.lines import Entry, Ledger, Line, What, ledgers
from slas.ledger.reading import Books, books_of

__all__ = ["Books", "Entry", "Ledger", "Line", "What", "books_of", "ledgers"]
