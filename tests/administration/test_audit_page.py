"""Administrators read who changed what, when, from what to what; and take it along as a CSV."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.test import Client

from people import actions, audit
from people.models import AuditEntry, Department, Team, User
from servicedesk import spreadsheet
from tests import factories
from tests.beforehand import beforehand
from tests.times import FRIDAY_9, MONDAY_9, TUESDAY_9

pytestmark = pytest.mark.django_db


@pytest.fixture
@beforehand
def story(ada: User, it: Department, it_team: Team, dana: User) -> None:
    """Three changes of three days."""
    lee = factories.make_person("Lee Other", is_administrator=True, email="lee@desk.example")
    actions.change_department(it, {"name": "Technology", "parent": None}, by=ada, at=MONDAY_9)
    actions.join_team(dana, it_team, is_lead=True, by=lee, at=TUESDAY_9)
    actions.change_person(dana, {"department": it}, by=None, at=FRIDAY_9)


def _page(client: Client, **given: str) -> str:
    answer = client.get("/administration/audit/", given)
    assert answer.status_code == 200
    return answer.content.decode()


def test_changes_are_read_in_words(as_ada: Client, story: None) -> None:
    page = _page(as_ada)
    assert "<del>IT</del>" in page
    assert "<ins>Technology</ins>" in page
    assert "<ins>Dana Byrne</ins>" in page  # not the id of her
    assert "<del>Finance</del>" in page
    assert "the desk" in page
    lines = as_ada.get("/administration/audit/").context["lines"]
    assert [(one.kind, one.deed) for one in lines] == [
        ("Person", "changed"),
        ("Team member", "made"),
        ("Department", "changed"),
    ]


def test_a_form_is_told_by_its_number_not_as_some_other_service(
    as_ada: Client, it: Department, it_team: Team
) -> None:
    for name in ("First", "Second"):
        factories.make_service(it, team=it_team, name=name)
    lines = as_ada.get("/administration/audit/").context["lines"]
    forms = [one.changes[0] for one in lines if one.deed == "form published"]
    assert [(one.before, one.after) for one in forms] == [("–", "1"), ("–", "1")]


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({"kind": "department"}, ["department"]),
        ({"who": "ada"}, ["department"]),
        ({"who": "LEE@desk.example"}, ["membership"]),
        ({"first": "2026-11-17"}, ["user", "membership"]),
        ({"last": "2026-11-17"}, ["membership", "department"]),
        ({"first": "2026-11-17", "last": "2026-11-17"}, ["membership"]),
        ({"who": "nobody"}, []),
        ({"kind": "membership", "who": "ada"}, []),
        ({"after": "9" * 30}, ["user", "membership", "department"]),
    ],
)
def test_one_finds_by_kind_person_and_days(
    as_ada: Client, story: None, given: dict[str, str], kinds: list[str]
) -> None:
    lines = as_ada.get("/administration/audit/", given).context["lines"]
    assert [one.entry.kind for one in lines] == kinds


def test_the_history_of_one_thing_is_one_address(
    as_ada: Client, story: None, it: Department
) -> None:
    given = {"kind": "department", "thing": str(it.pk)}
    lines = as_ada.get("/administration/audit/", given).context["lines"]
    assert [one.entry.thing_id for one in lines] == [it.pk]


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "nonsense"},
        {"first": "soon"},
        {"first": "2026-11-17", "last": "2026-11-16"},
        {"thing": "x"},
        {"thing": "9" * 40},
        {"who": "\x00"},
        {"who": "x" * 101},
    ],
)
def test_what_cannot_be_looked_for_is_said(
    as_ada: Client, story: None, given: dict[str, str]
) -> None:
    assert as_ada.get("/administration/audit/", given).status_code == 422


def test_the_audit_is_read_page_by_page(as_ada: Client, ada: User, it: Department) -> None:
    for number in range(120):
        name = f"Name {number}"
        it = actions.change_department(it, {"name": name}, by=ada, at=MONDAY_9)
    seen: list[int] = []
    query = ""
    while True:
        page = as_ada.get(f"/administration/audit/{query}").context["page"]
        seen += [one.pk for one in page.rows]
        if not page.older:
            break
        query = page.older
    assert len(seen) == len(set(seen)) == AuditEntry.objects.count()


def test_the_export_has_a_line_for_each_field_and_keeps_the_filter(
    as_ada: Client, story: None
) -> None:
    answer = as_ada.get("/administration/audit/changes.csv", {"kind": "department"})
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(one["field"], one["before"], one["after"]) for one in rows] == [
        ("name", "IT", "Technology")
    ]
    assert datetime.fromisoformat(rows[0]["when"]) == MONDAY_9.astimezone(UTC)
    assert (rows[0]["who"], rows[0]["e-mail"]) == ("Ada Admin", "ada@desk.example")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_is_never_a_formula(begin: str) -> None:
    assert spreadsheet.cell(f"{begin}1+1") == f"'{begin}1+1"
    assert spreadsheet.cell("1+1") == "1+1"
    assert spreadsheet.cell(-5) == "-5"
    assert spreadsheet.cell(None) == ""
    assert spreadsheet.cell("a\x00b") == "ab"


def test_what_other_packages_wrote_down_is_shown_too(
    as_ada: Client, ada: User, it: Department
) -> None:
    odd: audit.Changes = {
        "hours": [{"0": [["09:00", "17:00"]]}, {"0": []}],
        "strange_field": [None, 12],
        "texts": [["a", "b"], []],
    }
    audit.record("published", it, odd, by=ada, at=MONDAY_9, kind="something_else")
    page = _page(as_ada)
    assert "Something else" in page
    assert "09:00" in page
    assert "strange field" in page
