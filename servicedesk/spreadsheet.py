"""Tables that open in a spreadsheet, where no cell is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

BEGIN_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"


def cell(value: Any) -> str:
    """The value as text; one that a spreadsheet would take for a formula begins with '."""
    text = "" if value is None else str(value).replace("\x00", "")
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f"'{text}" if text.startswith(BEGIN_FORMULA) and not is_number else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV, as UTF-8 that Excel recognises; one row is held at a time."""
    writer = csv.writer(_Echo())
    yield BOM
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def download(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """The rows as a file of this name; the first row holds the headings."""
    return StreamingHttpResponse(
        lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
