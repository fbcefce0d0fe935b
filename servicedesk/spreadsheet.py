"""Tables that open in a spreadsheet, where no cell is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

BEGIN_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"
MOST_ROWS = 1_000_000
"""A sheet of a workbook holds 1,048,576; what comes after so many is left out, and said."""
IN_MEMORY = 1_000_000
"""So many bytes of a workbook are held in memory; a larger one lies on the disk meanwhile."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


# -- Workbooks -----------------------------------------------------------------------------------


def workbook(
    name: str, title: str, rows: Iterable[Sequence[Any]], *, widths: Sequence[int], more: str = ""
) -> FileResponse:
    """The rows as an XLSX file of this name; the first row holds the headings.

    Texts are written as texts, and begin with ' where another program would take them for a
    formula; moments are written in the reader's zone. `widths` are those of the columns, in
    letters; `more` is said where the sheet ends before the rows do. One row is held at a time.
    """
    made = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the response closes it
    file = cast("IO[bytes]", made)
    book = Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    sheet = book.add_worksheet(_sheet_name(title))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    strong = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            sheet.write_string(number, 0, cell(more))
            break
        for column, value in enumerate(row):
            _write(sheet, number, column, value, moment if number else strong)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _write(sheet: Worksheet, row: int, column: int, value: Any, form: Any) -> None:
    """One cell. A heading is bold, a moment is one; all else is text or number."""
    if isinstance(value, datetime):
        local = timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        sheet.write_datetime(row, column, local, form)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif value not in (None, ""):
        sheet.write_string(row, column, _printable(cell(value)), None if row else form)


def _printable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(one for one in text if one >= " " or one in "\t\n")


def _sheet_name(title: str) -> str:
    """As much of a title as the name of a sheet may hold."""
    kept = "".join(one for one in title if one not in "[]:*?/\\'")
    return kept[:31].strip() or "1"
