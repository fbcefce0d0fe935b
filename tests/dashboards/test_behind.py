"""Every figure leads to what it counts: as a page, as a CSV, as a workbook."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Service
from people.models import User
from requests_app import actions
from requests_app.models import ServiceRequest
from servicedesk.dashboards import lists, tables
from servicedesk.spreadsheet import XLSX
from tests import factories
from tests.beforehand import beforehand
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9, hours

LINK = re.compile(r'href="(/overview/requests/[^"]+)"')


@pytest.fixture(autouse=True)
def _tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY_9)


@pytest.fixture
@beforehand
def other(db: None) -> Service:
    """A service of a department that is not IT."""
    return factories.make_service(factories.make_department("LEG", name="Legal", slug="legal"))


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(person: User, address: str) -> Any:
    return browser(person).get(address)


def ask(service: Service, by: User, at: datetime = MONDAY_9, **given: Any) -> ServiceRequest:
    return factories.make_service_request(service, by=by, at=at, **given)


@pytest.fixture
@beforehand
def played(laptop: Service, other: Service, dana: User, omar: User) -> list[ServiceRequest]:
    """Twelve decided, a third of them late, by two departments; some open, late, at risk."""
    someone = factories.make_agent(other.team)
    made = []
    for number in range(12):
        service, by = (laptop, omar) if number % 2 else (other, someone)
        request = ask(service, dana, impact="wide", subject=f"Thing {number}")
        actions.resolve(
            request, message="Done.", by=by, at=MONDAY_9 + hours(7 if number % 3 == 0 else 1)
        )
        made.append(request)
    made += [ask(laptop, dana, impact="wide") for _n in range(3)]
    made += [ask(other, dana, at=MONDAY_NOON, urgency="planned") for _n in range(2)]
    return made


def test_every_link_of_the_overview_opens_and_holds_what_was_counted(
    played: list[ServiceRequest],
) -> None:
    top = browser(factories.make_manager())
    found: set[str] = set()
    for by in ("department", "service", "priority", "client"):
        page = top.get(f"/overview/?by={by}")
        assert_sound(page)
        found |= {unescape(one) for one in LINK.findall(page.content.decode())}
    page = top.get("/overview/departments/it/")
    found |= {unescape(one) for one in LINK.findall(page.content.decode())}
    assert len(found) > 40
    for address in sorted(found):
        answer = top.get(address)
        assert answer.status_code == 200, address
        assert answer.context["count"] > 0, address


def test_a_figure_and_its_list_agree(played: list[ServiceRequest]) -> None:
    top = browser(factories.make_manager())
    page = top.get("/overview/")
    tiles = {one.name: one for one in page.context["tiles"]}
    for name in ("late", "backlog", "asked", "resolved"):
        answer = top.get(tiles[name].url)
        assert f"{answer.context['count']}" == tiles[name].figure, name
    decided = top.get(tiles["resolution"].url)
    assert f"n\u00a0=\u00a0{decided.context['count']}" in tiles["resolution"].words
    for line in page.context["lines"]:
        for figure, n in (
            ("ready", line.ready.now.n),
            ("missed", line.ready.now.missed),
            ("answered", line.answered.now.n),
            ("late", line.late),
            ("open", line.open),
        ):
            shown = top.get(line.links[figure]).context["count"] if line.links[figure] else 0
            assert shown == n, (line.name, figure)


def test_a_broken_down_figure_and_its_list_agree(played: list[ServiceRequest]) -> None:
    top = browser(factories.make_manager())
    for by in ("service", "priority", "client"):
        page = top.get(f"/overview/?by={by}")
        assert page.context["lines"]
        for line in page.context["lines"]:
            for figure, n in (
                ("ready", line.ready.now.n),
                ("missed", line.ready.now.missed),
                ("late", line.late),
                ("open", line.open),
            ):
                shown = top.get(line.links[figure]).context["count"] if line.links[figure] else 0
                assert shown == n, (by, line.name, figure)
    counted = {bar.url: bar.figure for bar in page.context["ages"].chart.bars if bar.url}
    assert counted
    for url, figure in counted.items():
        assert f"{top.get(url).context['count']}" == figure


def test_what_is_restricted_counts_and_is_not_listed(laptop: Service, dana: User, it: Any) -> None:
    secret = factories.make_service(it, team=laptop.team, restricted=True)
    ask(secret, dana, impact="wide", subject="Between us")
    ask(laptop, dana, impact="wide", subject="For all to see")
    manager = factories.make_manager(it)
    overview = get(manager, "/overview/")
    assert overview.context["late"]["n"] == 2
    assert "Between us" not in overview.content.decode()
    assert "restricted" in words(overview)
    for name in ("", "table.csv", "table.xlsx"):
        answer = get(manager, f"/overview/requests/late/{name}")
        said = _said(answer)
        assert "For all to see" in said
        assert "Between us" not in said
        assert "1 restricted, not shown" in said


def test_the_named_team_of_a_restricted_service_lists_it_where_it_is_led(
    laptop: Service, dana: User, lena: User, it: Any
) -> None:
    secret = factories.make_service(it, team=laptop.team, restricted=True)
    ask(secret, dana, impact="wide", subject="Between us")
    page = get(lena, "/overview/requests/late/?of=it")
    assert [row.service_request.subject for row in page.context["rows"]] == ["Between us"]


def test_what_is_with_another_department_by_now_is_said_and_not_shown(
    laptop: Service, other: Service, dana: User, omar: User, it: Any
) -> None:
    request = ask(laptop, dana, impact="wide", subject="Not for us")
    actions.reply(request, message="We look.", by=omar, at=MONDAY_10)
    actions.transfer(request, service=other, reason="It is theirs.", by=omar, at=MONDAY_NOON)
    page = get(factories.make_manager(it), "/overview/requests/decided/?metric=first_response")
    assert page.context["rows"] == []
    assert "1 now with another department, not shown" in words(page)


def test_a_list_is_for_those_who_manage_or_lead(
    laptop: Service, dana: User, omar: User, lena: User, kai: User, it: Any, hr: Any
) -> None:
    ask(laptop, dana)
    administrator = factories.make_person(is_administrator=True)
    for end in ("", "table.csv", "table.xlsx"):
        address = f"/overview/requests/open/{end}?of=it"
        for person in (lena, factories.make_manager(it), factories.make_manager()):
            assert "New laptop" in _said(get(person, address))
        for person in (dana, omar, kai, administrator, factories.make_manager(hr)):
            assert get(person, address).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["of=nowhere", "month=1999-01", "month=x", "metric=x", "verdict=x", "priority=P9", "client=x",
     "service=new-laptop", "of=it&service=x", "asked=168", "asked=-1", "asked=x", "who=1",
     "priority=P1&client=it", "of=%00", "of=" + "x" * 99, "of=it&asked=99999"],
)  # fmt: skip
def test_an_address_that_says_nothing_is_not_found(laptop: Service, query: str) -> None:
    assert get(factories.make_manager(), f"/overview/requests/decided/?{query}").status_code == 404


def test_the_board_of_a_department_is_for_its_leads(
    laptop: Service, dana: User, lena: User, it: Any
) -> None:
    ask(laptop, dana)
    address = "/overview/requests/with/?of=it&who=0"
    page = get(lena, address)
    assert page.context["count"] == 1
    assert "with nobody yet" in words(page)
    assert get(factories.make_manager(it), address).status_code == 404
    assert get(lena, "/overview/requests/with/?of=it&who=x").status_code == 404
    assert get(lena, "/overview/requests/with/").status_code == 404


# -- Files ---------------------------------------------------------------------------------------


def _said(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    if answer.headers["Content-Type"] == XLSX:
        content = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    return str(content.decode())


def _rows(answer: Any) -> Sequence[Sequence[str]]:
    return list(csv.reader(io.StringIO(_said(answer).removeprefix("\ufeff"))))


def test_a_list_is_handed_out_whole_and_names_no_person(
    laptop: Service, dana: User, omar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "BATCH", 2)
    for number in range(5):
        actions.take(ask(laptop, dana, subject=f"Thing {number}"), by=omar, at=MONDAY_10)
    top = factories.make_manager()
    answer = get(top, "/overview/requests/open/table.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="all-open.csv"'
    rows = _rows(answer)
    assert rows[0][:3] == ["Request", "Subject", "Department"]
    assert [row[1] for row in rows[1:]] == [f"Thing {number}" for number in (4, 3, 2, 1, 0)]
    assert rows[1][7] == "2026-11-16T09:00:00+00:00"
    for end in ("csv", "xlsx"):
        said = _said(get(top, f"/overview/requests/open/table.{end}"))
        assert dana.name not in said
        assert omar.name not in said


@pytest.mark.parametrize("end", ["csv", "xlsx"])
def test_what_people_typed_is_no_formula(laptop: Service, dana: User, end: str) -> None:
    ask(laptop, dana, subject="=HYPERLINK(1)")
    said = _said(get(factories.make_manager(), f"/overview/requests/open/table.{end}"))
    assert "'=HYPERLINK" in unescape(said)
    assert "<f>" not in said


def test_a_file_is_narrowed_as_its_page_is(played: list[ServiceRequest]) -> None:
    query = "of=it&month=2026-11&metric=resolution&verdict=missed"
    top = factories.make_manager()
    page = get(top, f"/overview/requests/decided/?{query}")
    rows = _rows(get(top, f"/overview/requests/decided/table.csv?{query}"))
    assert len(rows) - 1 == page.context["count"] > 0
    assert f"table.csv?{query}" in unescape(page.content.decode())


def test_a_longer_list_takes_no_more_queries(laptop: Service, dana: User) -> None:
    reader = browser(factories.make_manager())
    taken = []
    for more in (1, 8):
        for _number in range(more):
            ask(laptop, dana, impact="wide")
        for address in ("/overview/requests/late/", "/overview/requests/late/table.csv"):
            with CaptureQueriesContext(connection) as queries:
                answer = reader.get(address)
                _said(answer)
            taken.append(len(queries))
    assert taken[:2] == taken[2:]
    assert max(taken) <= 16


def test_a_list_is_paged_by_key(
    laptop: Service, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    made = [ask(laptop, dana, at=MONDAY_9 + timedelta(minutes=n)) for n in range(5)]
    top, seen, address = browser(factories.make_manager()), [], "/overview/requests/open/"
    for _page in range(3):
        page = top.get(address)
        seen += [row.service_request for row in page.context["rows"]]
        address = "/overview/requests/open/" + page.context["page"].older
    assert seen == made


def test_every_figure_that_has_a_list_is_called_something() -> None:
    assert all(str(one.title) for one in lists.FIGURES.values())
