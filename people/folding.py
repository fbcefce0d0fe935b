"""Text without regard to case and accents: for searching, in Python and in the database alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Letters that do not come apart into a plain one and an accent.
_ODD = "łøđðħı"
_PLAIN = "loddhi"
_TABLE = str.maketrans(_ODD, _PLAIN) | {ord("ß"): "ss", ord("æ"): "ae", ord("œ"): "oe"}
_WORD = re.compile(r"[^\W_]+")

LONGEST_WORD = 60


def fold(text: str) -> str:
    """The text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return plain.translate(_TABLE)


def words(text: str) -> Iterator[str]:
    """The words of a text, folded, in order; of an endless one the beginning."""
    for found in _WORD.finditer(fold(text)):
        yield found.group()[:LONGEST_WORD]
