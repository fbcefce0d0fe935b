"""The overview: for those who answer for figures, and only what its figures define."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Service
from people.models import User
from requests_app import actions
from servicedesk.dashboards.page import Share
from slas.figures import Attainment
from tests import factories
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9, hours

SignIn = Callable[[User], Client]
OCTOBER = datetime(2026, 10, 12, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY_9)


def _open(person: User) -> Any:
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser.get("/overview/")


@pytest.mark.parametrize("who", ["dana", "omar"])
def test_figures_are_not_for_everyone(dana: User, omar: User, laptop: Service, who: str) -> None:
    assert _open({"dana": dana, "omar": omar}[who]).status_code == 403


def test_whoever_is_not_signed_in_is_asked_to(client: Client, db: None) -> None:
    assert client.get("/overview/").status_code == 302


def test_a_lead_reads_the_figures_of_their_own_department_only(
    laptop: Service, lena: User, hr: Any
) -> None:
    factories.make_service(hr)
    lines = _open(lena).context["lines"]
    assert [line.department.name for line in lines] == ["IT"]


def test_a_manager_reads_what_they_cover_and_what_is_below_it(
    laptop: Service, it: Any, hr: Any
) -> None:
    below = factories.make_department("NET", parent=it, name="Networks")
    for one in (below, hr):
        factories.make_service(one)
    lines = _open(factories.make_manager(it)).context["lines"]
    assert {line.department.name for line in lines} == {"IT", "Networks"}


def test_the_top_and_the_administrator_read_all(laptop: Service, hr: Any, finance: Any) -> None:
    factories.make_service(hr)
    administrator = factories.make_person(department=finance, is_administrator=True)
    for person in (factories.make_manager(), administrator):
        page = _open(person)
        assert {line.department.name for line in page.context["lines"]} == {"IT", "People"}
        assert_sound(page)


def test_too_few_are_said_and_not_drawn(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.resolve(request, message="Done", by=omar, at=MONDAY_10)
    said = words(_open(lena))
    assert "1 decided: too few to say" in said
    assert "Too few requests were decided in November to say." in said
    assert "0 answers: too few to say" in said


def test_the_share_in_time_is_said_with_its_n(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    for n in range(8):
        request = factories.make_service_request(laptop, by=dana, at=MONDAY_9, impact="wide")
        late = n < 2  # P1: ready within 4 hours
        at = MONDAY_9 + hours(7) if late else MONDAY_9 + hours(1)
        actions.resolve(request, message="Done", by=omar, at=at)
    page = _open(lena)
    line = page.context["lines"][0]
    assert (line.ready.percent, line.ready.now.n) == (75, 8)
    assert "75\u00a0% of 8 requests were ready in time in November." in page.context["answer"]


def test_late_at_risk_and_open_are_those_of_this_moment(
    laptop: Service, dana: User, lena: User
) -> None:
    factories.make_service_request(laptop, by=dana, at=MONDAY_9, impact="wide")
    factories.make_service_request(laptop, by=dana, at=MONDAY_NOON, urgency="planned")
    line = _open(lena).context["lines"][0]
    assert (line.late, line.at_risk, line.open) == (1, 0, 2)


def test_what_a_department_asks_of_itself_is_no_figure(
    laptop: Service, omar: User, lena: User
) -> None:
    for _n in range(6):
        request = factories.make_service_request(laptop, by=omar, at=MONDAY_9)
        actions.resolve(request, message="Done", by=lena, at=MONDAY_10)
    assert _open(lena).context["lines"][0].ready.now.n == 0


def test_last_month_stays_last_month(laptop: Service, dana: User, omar: User, lena: User) -> None:
    for _n in range(6):
        request = factories.make_service_request(laptop, by=dana, at=OCTOBER)
        actions.resolve(request, message="Done", by=omar, at=OCTOBER + hours(1))
    line = _open(lena).context["lines"][0]
    assert (line.ready.now.n, line.ready.before.n) == (0, 6)


@pytest.mark.parametrize(
    ("now", "before", "words_of_it"),
    [
        (Attainment(27, 3), Attainment(24, 6), "+10 points"),
        (Attainment(24, 6), Attainment(27, 3), "−10 points"),
        (Attainment(27, 3), Attainment(27, 3), "as last month"),
        (Attainment(26, 3), Attainment(270, 30), "too few to compare"),
    ],
)
def test_a_change_is_said_only_where_both_months_have_thirty(
    now: Attainment, before: Attainment, words_of_it: str
) -> None:
    assert Share(now, before).change_words == words_of_it


def test_the_page_costs_the_same_for_one_department_and_for_twelve(
    laptop: Service, dana: User, omar: User
) -> None:
    top = factories.make_manager()
    few = _queries(top)
    for _n in range(11):
        request = factories.make_service_request(factories.make_service(), by=dana, at=MONDAY_9)
        actions.cancel(request, by=dana, at=MONDAY_10)
    assert _queries(top) == few <= 20


def _queries(person: User) -> int:
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    browser.get("/overview/")
    with CaptureQueriesContext(connection) as caught:
        assert browser.get("/overview/").status_code == 200
    return len(caught)
