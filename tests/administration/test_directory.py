"""A directory is read with its mistakes named by row, shown before it is taken, and taken whole."""

from __future__ import annotations

import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from people import directory
from people.models import (
    AuditEntry,
    Department,
    DirectoryFile,
    Management,
    Membership,
    Organisation,
    User,
)
from requests_app import actions
from servicedesk.administration.directory import look, take_in
from tests import factories
from tests.times import MONDAY_9

pytestmark = pytest.mark.django_db

HEAD = "employee_number,name,email,department"
THREE = f"""{HEAD},department_key,zone,country,team,role
1001,Inês Carvalho,Ines@desk.example,Marketing,MKT,Europe/Lisbon,PT,Campaigns,lead
1002,Łukasz Wójcik,lukasz@desk.example,Data,DATA,Europe/Warsaw,PL,Reports,agent
1003,"O’Neill, Zoë",zoe@desk.example,Legal,LEG,Europe/Dublin,IE,,manager
1004,Rui Silva,rui@desk.example,Marketing,,,,Campaigns,
"""


def _take(text: str | bytes, **given: Any) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return take_in(content, **({"leavers": False, "by": None, "at": MONDAY_9} | given))


def _problems(text: str | bytes, **given: Any) -> list[tuple[int, str, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(directory.BadDirectory) as refused:
        look(content, **({"leavers": False} | given))
    return [(one.row, one.column, one.text) for one in refused.value.problems]


def test_an_organisation_comes_out_of_a_file(desk: Organisation) -> None:
    outcome = _take(THREE)
    assert sorted(Department.objects.values_list("key", flat=True)) == ["DATA", "LEG", "MKT"]
    ines = User.objects.get(employee_number="1001")
    assert (ines.email, ines.department.zone) == ("ines@desk.example", "Europe/Lisbon")
    assert not ines.has_usable_password()
    assert User.objects.get(employee_number="1003").name == "O’Neill, Zoë"
    assert Membership.objects.get(user=ines).is_lead
    assert not Membership.objects.get(user__employee_number="1004").is_lead
    assert Management.objects.get().department.key == "LEG"  # type: ignore[union-attr]
    assert Service.objects.filter(is_general=True, life="published").count() == 3
    assert outcome.applied.new == 4
    assert AuditEntry.objects.filter(kind="user", deed="created").count() == 4


def test_the_same_file_again_changes_nothing(desk: Organisation) -> None:
    _take(THREE)
    entries = AuditEntry.objects.count()
    outcome = _take(THREE)
    assert outcome.plan.is_empty
    assert outcome.plan.same == 4
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    "content",
    [
        ("\ufeff" + THREE).encode(),
        THREE.encode("utf-16"),
        THREE.replace("\n", "\r\n").encode(),
        THREE.replace('"O’Neill, Zoë"', "O’Neill Zoë").replace(",", ";").encode(),
        THREE.replace('"O’Neill, Zoë"', "O’Neill Zoë").replace(",", "\t").encode(),
        THREE.replace(HEAD, "Employee Number,Full name,E-mail, DEPARTMENT ").encode(),
        ("\n\n" + THREE + "\n,,,,,,,,\n\n").encode(),
        THREE.replace("Marketing", " Marketing ").encode(),
    ],
    ids=["mark", "utf-16", "windows", "semicolon", "tab", "headings", "empty rows", "blanks"],
)
def test_programs_write_files_in_many_ways(desk: Organisation, content: bytes) -> None:
    assert _take(content).applied.new == 4
    assert User.objects.get(employee_number="1001").name == "Inês Carvalho"


def test_what_changes_is_shown_from_what_to_what(desk: Organisation, it: Department) -> None:
    old = factories.make_person("Old Name", department=it, employee_number="7", email="a@d.example")
    same = factories.make_person("Same", department=it, employee_number="8", email="b@d.example")
    gone = factories.make_person("Gone", department=it, employee_number="9", email="c@d.example")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    other = factories.make_department("OPS", name="Operations")
    text = f"{HEAD}\n7,New Name,A2@d.example,ops\n8,Same,b@d.example,IT\n9,Gone,c@d.example,it\n"
    plan = look(text.encode(), leavers=False)
    assert [(one.person.pk, one.fields) for one in plan.changed] == [
        (
            old.pk,
            {
                "name": ("Old Name", "New Name"),
                "email": ("a@d.example", "a2@d.example"),
                "department": ("IT", "Operations"),
            },
        ),
        (gone.pk, {"is_active": (False, True)}),
    ]
    assert plan.same == 1
    assert User.objects.get(pk=old.pk).name == "Old Name"  # looking changes nothing
    _take(text)
    old.refresh_from_db()
    assert (old.name, old.email, old.department) == ("New Name", "a2@d.example", other)
    assert AuditEntry.objects.get(kind="user", thing_id=old.pk).changes["department"] == [
        it.pk,
        other.pk,
    ]
    assert AuditEntry.objects.get(kind="user", thing_id=gone.pk).deed == "returned"
    assert User.objects.get(pk=same.pk).is_active


def test_two_people_may_exchange_their_addresses(desk: Organisation, it: Department) -> None:
    factories.make_person("A", department=it, employee_number="1", email="a@d.example")
    factories.make_person("B", department=it, employee_number="2", email="b@d.example")
    _take(f"{HEAD}\n1,A,b@d.example,IT\n2,B,a@d.example,IT\n")
    assert dict(User.objects.values_list("name", "email")) == {
        "A": "b@d.example",
        "B": "a@d.example",
    }


def test_nobody_leaves_without_the_switch(desk: Organisation, dana: User) -> None:
    plan = look(f"{HEAD}\n1,A,a@d.example,Finance\n".encode(), leavers=False)
    assert (plan.leaving, plan.absent) == ([], 1)


def test_leavers_lose_their_roles_and_their_open_work(
    ada: User, omar: User, dana: User, laptop: Service
) -> None:
    taken = factories.make_service_request(laptop, by=dana)
    actions.take(taken, by=omar, at=MONDAY_9)
    text = f"{HEAD}\n{dana.employee_number},{dana.name},{dana.email},Finance\n"
    outcome = _take(text, leavers=True, by=ada)
    assert [one.name for one in outcome.plan.leaving] == [omar.name]
    assert [one.name for one in outcome.plan.kept] == [ada.name]  # administrators stay
    assert outcome.returned == 1
    taken.refresh_from_db()
    omar.refresh_from_db()
    assert (taken.status, taken.assignee, omar.is_active) == ("new", None, False)
    assert not Membership.objects.filter(user=omar).exists()
    assert AuditEntry.objects.get(kind="user", deed="left").changes["teams"] == [
        ["Service desk"],
        None,
    ]
    assert User.objects.get(pk=ada.pk).is_active


# -- What is wrong with a file -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "row", "column", "words"),
    [
        ("1,A,a@d.example,IT\n1,B,b@d.example,IT", 3, "employee_number", "stands in row 2"),
        ("1,A,a@d.example,IT\n2,B,A@D.example,IT", 3, "email", "stands in row 2"),
        ("1,A,a@d.example,Nowhere", 2, "department", "There is no department “Nowhere”"),
        ("1,A,nobody,IT", 2, "email", "no mail address"),
        ("1,,a@d.example,IT", 2, "name", "Nothing is written here"),
        (",A,a@d.example,IT", 2, "employee_number", "Nothing is written here"),
        ("1,A,,IT", 2, "email", "Nothing is written here"),
        ("1,A", 2, "email", "Nothing is written here"),
        (f"1,{'x' * 121},a@d.example,IT", 2, "name", "At most 120"),
        (f"{'9' * 41},A,a@d.example,IT", 2, "employee_number", "At most 40"),
        (f"1,A,{'a' * 250}@d.example,IT", 2, "email", "At most 254"),
        ("1,A\x00,a@d.example,IT", 2, "name", "cannot be written"),
        ('1,"A\nB",a@d.example,IT', 2, "name", "cannot be written"),
        ("1,A,a@d.example,IT,x,y", 2, "", "more cells"),
        ('1,"A,a@d.example,IT\n', 2, "email", "Nothing is written here"),
        ("1,A,dana@desk.example,IT", 2, "email", "is that of Dana Byrne"),
    ],
)
def test_every_mistake_says_its_row(
    desk: Organisation,
    it: Department,
    dana: User,
    rows: str,
    row: int,
    column: str,
    words: str,
) -> None:
    problems = _problems(f"{HEAD}\n{rows}\n")
    assert (row, column) in [(one[0], one[1]) for one in problems]
    assert words in " ".join(one[2] for one in problems)
    with pytest.raises(directory.BadDirectory):
        _take(f"{HEAD}\n5,Good,good@d.example,IT\n{rows}\n")
    assert not User.objects.filter(employee_number="5").exists()  # all or nothing


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("1,A,a@d.example,New,N,Europe/Dublin,IE,,", "department_key", "two to six"),
        ("1,A,a@d.example,New,IT,Europe/Dublin,IE,,", "department_key", "has the key IT"),
        ("1,A,a@d.example,New,NEW,Atlantis,IE,,", "zone", "needs a zone"),
        ("1,A,a@d.example,New,NEW,Europe/Dublin,XX,,", "country", "needs a country"),
        ("1,A,a@d.example,New,NEW,Europe/Dublin,I E,,", "country", "At most 2"),
        ("1,A,a@d.example,IT,,,,,boss", "role", "“boss” is no role"),
        ("1,A,a@d.example,IT,,,,,lead", "team", "needs a team"),
    ],
)
def test_a_department_or_role_that_will_not_do_is_refused(
    desk: Organisation, it: Department, row: str, column: str, words: str
) -> None:
    head = f"{HEAD},department_key,zone,country,team,role"
    problems = _problems(f"{head}\n{row}\n")
    assert problems[0][:2] == (2, column)
    assert words in problems[0][2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (HEAD.encode(), "nobody in this file"),
        (b"name,email\nA,a@d.example", "Missing: employee_number, department"),
        (f"{HEAD},name\n1,A,a@d.example,IT,B".encode(), "is there twice"),
        (f"{HEAD}\n1,Ren\xe9e,a@d.example,IT".encode("latin-1"), "not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8"),
        (b"PK\x03\x04\x14\x00\x06\x00", "Missing"),
        (b"%PDF-1.7 something", "Missing"),
        (b"a" * (directory.LARGEST + 1), "larger than 10 MB"),
        (f"{HEAD}\n1,{'x' * 200_000},a@d.example,IT".encode(), "far too long"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_what_is_no_directory_is_refused(desk: Organisation, content: bytes, words: str) -> None:
    assert words in _problems(content)[0][2]


def test_a_row_of_a_file_that_is_not_utf_8_is_named(desk: Organisation) -> None:
    content = f"{HEAD}\n1,A,a@d.example,IT\n2,Ren\xe9e,b@d.example,IT\n".encode("latin-1")
    assert _problems(content)[0][0] == 3


def test_a_formula_is_a_name_and_leaves_as_text(as_ada: Client, it: Department) -> None:
    _take(f'{HEAD}\n"=1+1","=HYPERLINK(""http://x"")",evil@d.example,IT\n')
    evil = User.objects.get(email="evil@d.example")
    assert evil.name == '=HYPERLINK("http://x")'
    page = as_ada.get("/administration/people/", {"q": "evil"}).content.decode()
    assert "=HYPERLINK(&quot;http://x&quot;)" in page
    answer = as_ada.get("/administration/audit/changes.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=HYPERLINK" in text
    assert ',"=' not in text
    assert ",=" not in text


def test_no_more_than_500_mistakes_are_told(desk: Organisation, it: Department) -> None:
    rows = "\n".join(f"{n},A,nobody,IT" for n in range(3000))
    assert len(_problems(f"{HEAD}\n{rows}")) == 500


# -- Command and page ----------------------------------------------------------------------------


def _file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_command_says_what_would_change_and_then_does_it(
    desk: Organisation, tmp_path: Path
) -> None:
    path = _file(tmp_path, THREE)
    out = StringIO()
    call_command("import_directory", path, "--dry-run", stdout=out)
    assert "+ 1001 Inês Carvalho" in out.getvalue()
    assert "4 new, 0 changed" in out.getvalue()
    assert "nothing was changed" in out.getvalue()
    assert not User.objects.exists()
    call_command("import_directory", path, stdout=out)
    assert User.objects.count() == 4


def test_the_command_names_each_row_and_changes_nothing(desk: Organisation, tmp_path: Path) -> None:
    err = StringIO()
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("import_directory", _file(tmp_path, f"{HEAD}\n1,A,a@d.example,IT"), stderr=err)
    assert "row 2, department: There is no department “IT”" in err.getvalue()
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_directory", str(tmp_path / "nowhere.csv"))


def test_the_command_waits_for_the_set_up(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Set up the desk first"):
        call_command("import_directory", _file(tmp_path, THREE))


def _upload(client: Client, text: str | bytes, **given: str) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("people.csv", content, content_type="text/csv")
    return client.post("/administration/directory/", {"file": file} | given)


def test_the_page_shows_what_would_change_and_applies_exactly_that(as_ada: Client) -> None:
    answer = _upload(as_ada, THREE)
    kept = DirectoryFile.objects.get()
    assert answer["Location"] == f"/administration/directory/{kept.pk}/"
    page = as_ada.get(answer["Location"])
    assert "Inês Carvalho" in page.content.decode()
    assert not User.objects.filter(employee_number="1001").exists()
    done = as_ada.post(answer["Location"], {"plan": page.context["plan"].digest}, follow=True)
    assert "4 new, 0 changed, 0 left" in done.content.decode()
    assert User.objects.filter(employee_number="1001").exists()
    assert not DirectoryFile.objects.exists()
    assert as_ada.get(answer["Location"]).status_code == 404


def test_a_plan_that_would_do_something_else_by_now_is_shown_anew(
    as_ada: Client, it: Department
) -> None:
    address = _upload(as_ada, f"{HEAD}\n1,A,a@d.example,IT\n")["Location"]
    shown = as_ada.get(address).context["plan"].digest
    factories.make_person("Somebody", department=it, employee_number="1", email="s@d.example")
    answer = as_ada.post(address, {"plan": shown})
    assert answer.status_code == 409
    assert "Nothing was done: look again" in answer.content.decode()
    assert User.objects.get(employee_number="1").name == "Somebody"
    assert as_ada.post(address, {"plan": "made up"}).status_code == 409
    assert as_ada.post(address).status_code == 409


def test_the_page_names_the_rows_and_keeps_nothing(as_ada: Client) -> None:
    answer = _upload(as_ada, f"{HEAD}\n1,A,nobody,IT\n")
    assert answer.status_code == 422
    assert "Row 2" in answer.content.decode()
    assert not DirectoryFile.objects.exists()
    assert _upload(as_ada, b"").status_code == 422
    assert _upload(as_ada, b"x" * (directory.LARGEST + 1)).status_code == 422
    assert as_ada.post("/administration/directory/", {"file": "not a file"}).status_code == 422


def test_a_file_is_seen_by_whoever_handed_it_in(as_ada: Client, client: Client, ada: User) -> None:
    address = _upload(as_ada, THREE)["Location"]
    client.force_login(factories.make_person(is_administrator=True))
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_the_leavers_of_a_page_are_shown_first(as_ada: Client, omar: User) -> None:
    address = _upload(as_ada, THREE, leavers="on")["Location"]
    page = as_ada.get(address).content.decode()
    assert "Omar Quinn" in page
    assert "Administrators never leave by a file" in page


def test_the_number_of_queries_does_not_grow_with_the_rows(
    desk: Organisation, it: Department
) -> None:
    def cost(first: int, last: int) -> int:
        rows = "\n".join(f"{n},Person {n},p{n}@d.example,IT" for n in range(first, last))
        with CaptureQueriesContext(connection) as queries:
            _take(f"{HEAD}\n{rows}")
        return len(queries)

    assert cost(0, 1) == cost(100, 400)


def test_five_thousand_people_come_in_at_once(desk: Organisation, it: Department) -> None:
    head = f"{HEAD},team,role"
    rows = [f"{n},Person Number {n},person.{n}@desk.example,IT,," for n in range(5_000)]
    for n in range(0, 5_000, 100):
        rows[n] = f"{n},Person Number {n},person.{n}@desk.example,IT,Team {n % 7},agent"
    before = time.monotonic()
    _take("\n".join([head, *rows]))
    took = time.monotonic() - before
    assert User.objects.count() == 5_000
    assert Membership.objects.count() == 50
    assert took < 15, f"{took:.0f} s"  # 100,000 within about a minute where nothing else runs
