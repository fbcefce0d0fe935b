"""Another desk's log is replayed through our own deeds; the report adds up."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from people.models import User
from requests_app.models import ServiceRequest
from servicedesk import event_log
from servicedesk.event_log.mapping import BadMapping, load
from servicedesk.event_log.reading import BadLog, read
from servicedesk.event_log.report import Report
from servicedesk.event_log.run import import_log

EXTRACT = Path(__file__).parent.parent / "data" / "incident_event_log_extract.csv"
SHIPPED = Path(event_log.__file__).parent / "mappings" / "incident_event_log.toml"
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def run(log: Path = EXTRACT, mapping: Path = SHIPPED) -> Report:
    return import_log(log, load(mapping), now=NOW, watch=lambda cases, _total: cases)


def rows_of_extract() -> list[dict[str, str]]:
    with EXTRACT.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.django_db
def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    lines = EXTRACT.read_text(encoding="utf-8").splitlines(keepends=True)
    first_case = lines[1].split(",")[0]
    half = tmp_path / "half.csv"
    half.write_text(
        "".join([lines[0], *(line for line in lines[1:] if line.startswith(first_case + ","))]),
        encoding="utf-8",
    )
    assert run(half).cases == 1
    report = run()
    assert report.cases_here_already == 1
    assert report.adds_up


def changed(tmp_path: Path, **columns: str) -> Path:
    """The extract's first case, with columns of its second row changed."""
    rows = [row for row in rows_of_extract() if row["number"] == "INC0000045"]
    rows[1] |= columns
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "log.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"sys_updated_at": "2016-02-29"}, "not written as"),
        ({"sys_updated_at": "31-02-2016 10:00"}, "not written as"),
        ({"sys_updated_at": ""}, "not written as"),
        ({"incident_state": "Exploded"}, "not in [states]"),
        ({"incident_state": ""}, "not in [states]"),
        ({"impact": "9 - Cosmic"}, "not in [impact]"),
        ({"urgency": "now!"}, "not in [urgency]"),
        ({"number": "?"}, "number is missing"),
        ({"number": "X" * 121}, "longer than 120"),
        ({"location": "nul\x00"}, "cannot be kept"),
    ],
)
def test_a_bad_row_is_refused_by_number_and_the_rest_goes_on(
    tmp_path: Path, columns: dict[str, str], reason: str
) -> None:
    report = run(changed(tmp_path, **columns))
    (refusal,) = report.refusals
    assert refusal.row == 3
    assert reason in refusal.reason
    assert report.cases == 1
    assert report.adds_up


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "reason"), [("a,b", "fewer fields"), (",".join("x" * 60), "more")]
)
def test_a_torn_row_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    path = changed(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    report = run(path)
    assert [reason in one.reason for one in report.refusals] == [True]
    assert report.adds_up


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no column"),
        (b"a,b,c\n1,2,3\n", "has no column number"),
        (b"\xff\xfe\x00", "utf-8"),
        (b'number,"unclosed\n', "has no column"),
    ],
)
def test_a_file_that_is_no_such_log_is_refused_before_anything_changes(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(BadLog, match=message):
        run(path)
    assert not ServiceRequest.objects.exists()
    assert not User.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadLog, match=r"nowhere\.csv"):
        read(tmp_path / "nowhere.csv", load(SHIPPED))


def shipped_with(tmp_path: Path, old: str, new: str) -> Path:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mapping.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('source = "incident-event-log"', "", "source is missing"),
        ('source = "incident-event-log"', "source = 7", "must be a text"),
        ("America/Sao_Paulo", "America/Atlantis", "no time zone"),
        ('"Closed" = "closed"', '"Closed" = "gone"', "is none of"),
        ('"Closed" = "closed"', '"Closed" = "awaiting_approval"', "is none of"),
        ('"1 - High" = "wide"', '"1 - High" = "huge"', "is none of"),
        ('missing = ["?"]', 'missing = "?"', "list of texts"),
        ('delimiter = ","', 'delimiter = ";;"', "one sign"),
        ('metrics = ["resolution"]', 'metrics = ["speed"]', "neither"),
        ('groups = ["Group 70"]', 'groups = ["Group 20"]', "two departments"),
        ('key = "DESK"', 'key = "service desk"', "capital letters"),
        ('monday = ["08:00-18:00"]', 'monday = ["08:00 to 18:00"]', "09:00-17:30"),
        ('date_format = "%d', 'date_fromat = "%d', "date_format is missing"),
        ('delimiter = ","', 'delimiter = ","\ncolour = "red"', "colour"),
        ("[states]", "[states", "line"),
    ],
)
def test_a_bad_mapping_is_refused_with_the_key_that_is_wrong(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(BadMapping, match=message) as refused:
        load(shipped_with(tmp_path, old, new))
    assert "mapping.toml" in str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('monday = ["08:00-18:00"]', 'monday = ["25:00-26:00"]', "25:00"),
        ('country = "BR"', 'country = "XX"', "XX"),
        ('# "Resolver 17" = "E00123"', '"Resolver 17" = "E00123"', "E00123"),
    ],
)
def test_a_mapping_that_does_not_fit_here_leaves_no_trace(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(BadMapping, match=message):
        run(mapping=shipped_with(tmp_path, old, new))
    assert not ServiceRequest.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_command_reports_in_words_and_as_json(tmp_path: Path) -> None:
    out, report = io.StringIO(), tmp_path / "report.json"
    options: dict[str, Any] = {"mapping": SHIPPED, "report": report, "stdout": out}
    call_command("import_event_log", EXTRACT, **options)
    assert "cases imported" in out.getvalue()
    assert '"applied"' in report.read_text(encoding="utf-8")
    with pytest.raises(CommandError, match=r"missing\.toml"):
        call_command("import_event_log", EXTRACT, mapping=tmp_path / "missing.toml")
