"""Everyone tries everything: no address is left out, and each answers as the rules say.

Each answer also carries all headers that tell the browser how little it may do, and its cookies are
careful.
"""

from __future__ import annotations

import copy
import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from people.access import standing
from people.models import User
from requests_app import access, lifecycle, search
from requests_app.lifecycle import Role
from requests_app.models import Event
from requests_app.search import Wanted
from servicedesk import spreadsheet, urls
from tests.rights import table, world
from tests.rights.rules import (
    DEEDS,
    EVERYBODY,
    KINDS,
    MANAGES,
    READS_NOTES,
    ROLES,
    SEES,
    SIGNED_OUT,
    TRIED,
    WORKS_ON,
)
from tests.rights.table import Cell
from tests.rights.world import World
from tests.security import headers
from tests.times import MONDAY_NOON

pytestmark = pytest.mark.django_db

NAMES = [name for name in table.addresses() if name in table.RULES]


@pytest.fixture(scope="module")
def here(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One state of the database for the whole table; what a cell does to it is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.make()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _monday_noon_as_in_production(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    for name, value in headers.AS_IN_PRODUCTION.items():
        setattr(settings, name, value)
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_NOON)
    monkeypatch.setattr("allauth.core.ratelimit.consume_or_429", lambda *_a, **_k: None)
    monkeypatch.setattr("servicedesk.limits.seconds_to_wait", lambda *_a, **_k: 0)


@pytest.fixture
def _bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four of five cells are refused, and their page is the same: here its status is enough.

    What stands on it is looked at below, once for everyone.
    """
    monkeypatch.setattr(urls, "handler403", _bare(403), raising=False)
    monkeypatch.setattr(urls, "handler404", _bare(404), raising=False)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture(scope="module")
def known(here: World) -> dict[str, User]:
    """Whose session it is, and what they are here."""
    found = {}
    for who, session in here.sessions.items():
        person = User.objects.select_related("department").get(pk=here.people[who].pk)
        standing(person)  # is kept on the person
        found[session] = person
    return found


@pytest.fixture
def _recognised(monkeypatch: pytest.MonkeyPatch, known: dict[str, User]) -> None:
    """Who asks is read once, not for thousands of cells.

    That it is read for every page is seen below, where lists, pages and counts agree.
    """

    def recognise(request: HttpRequest) -> User | AnonymousUser:
        person = known.get(request.COOKIES.get(django_settings.SESSION_COOKIE_NAME, ""))
        return copy.deepcopy(person) if person else AnonymousUser()

    monkeypatch.setattr(auth, "get_user", recognise)


def _bare(status: int) -> Callable[..., HttpResponse]:
    return lambda request, exception=None: HttpResponse(status=status)


def test_no_address_is_left_out() -> None:
    assert table.undeclared() == []


def test_no_deed_is_left_out() -> None:
    told = {name: _as_in_the_rules(deed.who) for name, deed in lifecycle.DEEDS.items()}
    assert told == {name: set(who) for name, who in DEEDS.items()}
    assert {DEEDS[name] for name in TRIED if name in DEEDS} == set(DEEDS.values())


def _as_in_the_rules(who: frozenset[Role]) -> set[str]:
    provider = {"provider"} if who & {Role.AGENT, Role.LEAD} else set()
    return provider | {str(role) for role in who - {Role.AGENT, Role.LEAD, Role.SYSTEM}}


def test_the_table_is_large() -> None:
    assert table.count() > 4_000


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("_bare_refusals", "_recognised")
def test_everyone_is_answered_as_the_rules_say(name: str, here: World) -> None:
    wrong = [words for cell in table.cells_of(name) for words in _try(here, cell)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("who", ROLES)
def test_the_page_of_a_refusal_tells_nothing_of_what_is_refused(who: str, here: World) -> None:
    browser = here.browser(who)
    statuses = set()
    for kind, request in here.requests.items():
        if who in SEES.get(kind, ()):
            continue
        for address in (f"/requests/{request.reference}/", f"/api/requests/{request.reference}/"):
            answer = browser.get(address, secure=True)
            statuses.add(answer.status_code)
            assert not headers.wrong(answer)
            assert "zebra" not in answer.content.decode()
    answer = browser.get("/administration/people/", secure=True)
    assert answer.status_code in {200, 302, 403}
    assert not headers.wrong(answer)
    assert statuses <= ({302, 401, 403} if who == SIGNED_OUT else {404})


def _try(here: World, cell: Cell) -> list[str]:
    """What is wrong about the cell's answer, in words; its deed is taken back."""
    address = here.address(cell)
    with transaction.atomic():
        answer = here.browser(cell.who).generic(cell.method, address, secure=True)
        left = _events() - here.events if cell.method == "POST" else 0
        transaction.set_rollback(True)
    what = f"{cell.method} {address} by {cell.who} on {cell.kind or '–'}: "
    wrong = []
    if answer.status_code not in cell.allowed:
        wrong.append(f"{what}{answer.status_code}, not {sorted(cell.allowed)}")
    if cell.quiet and left:
        wrong.append(f"{what}left {left} events")
    found = headers.wrong(answer) + _leaks(here, cell.who, answer)
    return wrong + [what + words for words in found]


def _events() -> int:
    """How many there are; asked thousands of times."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM requests_app_event")
        return int(cursor.fetchone()[0])


def _said(answer: Any) -> str:
    """What the answer says; a workbook is unpacked."""
    content = b"".join(answer) if answer.streaming else answer.content
    if answer.headers.get("Content-Type") == spreadsheet.XLSX:
        content = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    return str(content.decode())


def _leaks(here: World, who: str, answer: Any) -> list[str]:
    """What stands in the answer that this person may not read."""
    if answer.status_code >= 300:
        return []
    said = _said(answer)
    found = [
        f"shows the subject of the {kind} one"
        for kind in KINDS
        if who not in SEES[kind] and here.subject(kind) in said
    ]
    if "zebra note" in said and not any(who in readers for readers in READS_NOTES.values()):
        found.append("shows an internal note")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_of_a_note_is_handed_out_to_the_provider_alone(kind: str, here: World) -> None:
    given = {
        "reference": here.requests[kind].reference,
        "pk": here.parts[f"note file of the {kind} one"],
        "name": "zebra.txt",
    }
    address = reverse("conversation:file", kwargs=given)
    got = {who for who in EVERYBODY if here.browser(who).get(address).status_code == 200}
    assert got == READS_NOTES[kind]


# -- Sign-in -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [SIGNED_OUT, "requester", "administrator"])
def test_pages_of_sign_in_fail_for_nobody_and_know_of_no_request(who: str, here: World) -> None:
    given = {"key": "x", "uidb36": "x", "provider_id": "x"}
    for name in (one for one in table.addresses() if table.is_of_sign_in(one)):
        parts = {key: given[key] for key in _parts_of(name)}
        for method in ("GET", "POST"):
            before = Event.objects.count()
            with transaction.atomic():
                address = reverse(name, kwargs=parts)
                answer = here.browser(who).generic(method, address, secure=True)
                transaction.set_rollback(True)
            assert answer.status_code < 500, (name, method)
            assert not headers.wrong(answer), (name, method)
            assert Event.objects.count() == before
            assert "zebra" not in answer.content.decode()


def _parts_of(name: str) -> list[str]:
    return {
        "account_confirm_email": ["key"],
        "account_reset_password_from_key": ["uidb36", "key"],
        "openid_connect_login": ["provider_id"],
        "openid_connect_callback": ["provider_id"],
    }.get(name, [])


# -- Lists, pages, search and counts agree -------------------------------------------------------


def _person(here: World, who: str) -> User:
    return User.objects.get(pk=here.people[who].pk)


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_what_opens_is_what_is_found_and_listed(who: str, here: World) -> None:
    person, browser = _person(here, who), here.browser(who)
    expected = {kind for kind in KINDS if who in SEES[kind]}
    kinds = {request.pk: kind for kind, request in here.requests.items()}
    opens = {
        kind
        for kind, request in here.requests.items()
        if browser.get(request.get_absolute_url()).status_code == 200
    }
    assert opens == expected
    assert {kinds[one.pk] for one in access.visible_to(person)} == expected
    words = {kinds[pk] for pk in search.find(person, Wanted("between"))}
    assert words == {kind for kind in KINDS if who in READS_NOTES[kind]}
    assert {kinds[pk] for pk in search.find(person, Wanted(""))} == expected
    assert _named(here, browser.get("/search/?q=zebra")) <= expected
    listed: set[str] = set()
    for address in (
        "/",
        "/notices/",
        "/requests/?show=all",
        "/requests/?show=shared",
        "/queue/it/open/",
        "/queue/former/open/",
        "/overview/requests/open/?of=it",
        "/overview/requests/open/?of=former",
        "/api/requests/",
        "/api/requests/?department=it",
    ):
        listed |= _named(here, browser.get(address))
    assert listed <= expected
    if who != "agent of the former provider":  # what was handed on stands in no list of theirs
        assert listed == expected


def _named(here: World, answer: Any) -> set[str]:
    said = answer.content.decode() if answer.status_code == 200 else ""
    return {kind for kind in KINDS if f"{here.subject(kind)}" in said}


@pytest.mark.parametrize("who", ["agent of the team", "agent of another team", "lead"])
def test_a_queue_counts_what_it_shows_and_says_how_many_it_does_not(who: str, here: World) -> None:
    shown = [kind for kind in KINDS if who in WORKS_ON[kind]]
    page = here.browser(who).get("/queue/it/open/")
    assert page.context["count"] == len(shown)
    assert page.context["hidden"] == len(KINDS) - len(shown)


@pytest.mark.parametrize("who", sorted(MANAGES))
def test_a_managers_list_says_how_many_it_does_not_show(who: str, here: World) -> None:
    page = here.browser(who).get("/overview/requests/open/?of=it")
    assert len(page.context["rows"]) == 2
    assert page.context["hidden"] == {"restricted": 2, "elsewhere": 0}


def test_a_clients_lead_counts_the_restricted_and_names_none(here: World) -> None:
    page = here.browser("lead of the client").get("/manage/finance/requests/")
    named = {row.reference for row in page.context["rows"]}
    assert named == {here.requests[kind].reference for kind in ("plain", "transferred")}
    assert page.context["hidden"] == 2


def test_every_role_is_tried() -> None:
    assert {SIGNED_OUT, *EVERYBODY} == set(ROLES)
    assert set().union(*SEES.values()) <= set(EVERYBODY)
