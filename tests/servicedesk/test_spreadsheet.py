"""Tables for other programs: what people wrote stays text, in CSV and in XLSX."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from servicedesk import spreadsheet

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]


def sheet_of(rows: Sequence[Sequence[Any]] | Iterator[Sequence[Any]], **given: Any) -> Any:
    """The cells of the only sheet, as XML."""
    answer = spreadsheet.workbook("list.xlsx", "Late now: IT", rows, widths=[20], **given)
    assert answer["Content-Type"] == spreadsheet.XLSX
    assert answer["Content-Disposition"] == 'attachment; filename="list.xlsx"'
    book = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[arg-type]
    answer.close()
    return ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314  # our own


def texts(sheet: Any) -> list[str]:
    return [str(one.text) for one in sheet.iter(f"{MAIN}t")]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula_or_would_become_one(text: str) -> None:
    sheet = sheet_of([["Subject"], [text]])
    assert not list(sheet.iter(f"{MAIN}f"))
    assert texts(sheet)[1].startswith("'")


def test_numbers_and_moments_are_what_they_are() -> None:
    with timezone.override(ZoneInfo("Europe/Lisbon")):
        sheet = sheet_of([["n", "Asked"], [3, datetime(2026, 7, 1, 12, 30, tzinfo=UTC)]])
    first, second = (float(one.text) for one in sheet.iter(f"{MAIN}v"))
    assert first == 3
    assert second == pytest.approx(46204 + 13.5 / 24)  # 13:30 on the wall in Lisbon


def test_what_cannot_stand_in_xml_is_left_out() -> None:
    assert texts(sheet_of([["Subject"], ["a\x00b\x0bc"]]))[1] == "abc"


def test_a_sheet_that_is_full_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)
    rows = ([f"row {n}"] for n in range(10))
    assert texts(sheet_of(rows, more="More follow.")) == ["row 0", "row 1", "row 2", "More follow."]


def test_the_same_holds_in_a_csv() -> None:
    written = "".join(spreadsheet.lines([["Subject"], *([text] for text in HOSTILE)]))
    assert written.count("'") == len(HOSTILE)
