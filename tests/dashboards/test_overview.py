"""The overview: for those who answer for figures, and only what its figures define."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Service
from people.models import User
from requests_app import actions, figures
from servicedesk.dashboards.shares import Share
from slas.figures import Attainment
from tests import factories
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9, hours

SignIn = Callable[[User], Client]
OCTOBER = datetime(2026, 10, 12, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY_9)


def _open(person: User, address: str = "/overview/") -> Any:
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser.get(address)


def _department(page: Any) -> Any:
    """The figures of the only department of the page, whatever it is broken down by."""
    (line,) = page.context["departments"]
    return line


@pytest.mark.parametrize("who", ["dana", "omar"])
def test_figures_are_not_for_everyone(dana: User, omar: User, laptop: Service, who: str) -> None:
    assert _open({"dana": dana, "omar": omar}[who]).status_code == 403


def test_whoever_is_not_signed_in_is_asked_to(client: Client, db: None) -> None:
    assert client.get("/overview/").status_code == 302


def test_a_lead_reads_the_figures_of_their_own_department_only(
    laptop: Service, lena: User, hr: Any
) -> None:
    factories.make_service(hr)
    assert _department(_open(lena)).department.name == "IT"


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
    assert "There are not two months yet with five promises decided." in said
    assert "too few to compare hours" in said


def test_the_share_in_time_is_said_with_its_n(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    for n in range(8):
        request = factories.make_service_request(laptop, by=dana, at=MONDAY_9, impact="wide")
        late = n < 2  # P1: ready within 4 hours
        at = MONDAY_9 + hours(7) if late else MONDAY_9 + hours(1)
        actions.resolve(request, message="Done", by=omar, at=at)
    page = _open(lena)
    line = _department(page)
    assert (line.ready.percent, line.ready.now.n) == (75, 8)
    answer = page.context["answer"].words
    assert answer == "75\u00a0% of 8 requests were ready in time in November."


def test_late_at_risk_and_open_are_those_of_this_moment(
    laptop: Service, dana: User, lena: User
) -> None:
    factories.make_service_request(laptop, by=dana, at=MONDAY_9, impact="wide")
    factories.make_service_request(laptop, by=dana, at=MONDAY_NOON, urgency="planned")
    line = _department(_open(lena))
    assert (line.late, line.at_risk, line.open) == (1, 0, 2)


def test_what_a_department_asks_of_itself_is_no_figure(
    laptop: Service, omar: User, lena: User
) -> None:
    for _n in range(6):
        request = factories.make_service_request(laptop, by=omar, at=MONDAY_9)
        actions.resolve(request, message="Done", by=lena, at=MONDAY_10)
    assert _department(_open(lena)).ready.now.n == 0


def test_last_month_stays_last_month(laptop: Service, dana: User, omar: User, lena: User) -> None:
    for _n in range(6):
        request = factories.make_service_request(laptop, by=dana, at=OCTOBER)
        actions.resolve(request, message="Done", by=omar, at=OCTOBER + hours(1))
    line = _department(_open(lena))
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


@pytest.mark.parametrize("by", ["department", "service", "priority", "client"])
def test_the_page_costs_the_same_for_two_departments_and_for_twelve(
    laptop: Service, dana: User, by: str
) -> None:
    top = factories.make_manager()
    _one_late_in_a_department_more(dana)
    few = _queries(top, f"/overview/?by={by}")
    for _n in range(10):
        _one_late_in_a_department_more(dana)
    assert _queries(top, f"/overview/?by={by}") == few <= 30


def _one_late_in_a_department_more(dana: User) -> None:
    factories.make_service_request(factories.make_service(), by=dana, at=MONDAY_9, impact="wide")


def test_a_figure_is_told_with_what_it_means(laptop: Service, lena: User) -> None:
    page = _open(lena)
    assert_sound(page)
    said = words(page)
    assert "What “Late now” means" in said
    for one in page.context["meanings"].values():
        assert f'id="{one.name}"' in _open(lena, "/overview/meaning/").content.decode()


def test_a_month_that_is_over_is_shown_against_the_one_before_it(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    for _n in range(6):
        request = factories.make_service_request(laptop, by=dana, at=OCTOBER)
        actions.resolve(request, message="Done", by=omar, at=OCTOBER + hours(1))
    page = _open(lena, "/overview/?month=2026-10")
    assert_sound(page)
    assert "100\u00a0% of 6 requests were ready in time in October." in page.context["answer"].words
    assert _department(page).ready.before.n == 0
    for wrong in ("2019-01", "2026-13", "x", "2027-01"):
        assert _open(lena, f"/overview/?month={wrong}").status_code == 404
    assert _open(lena, "/overview/?by=nonsense").status_code == 404


def test_the_worst_department_is_named_and_what_the_others_reach_without_it(
    laptop: Service, dana: User, omar: User
) -> None:
    other = factories.make_service(factories.make_department("LEG", name="Legal"))
    someone = factories.make_agent(other.team)
    for number in range(10):
        for service, by, late in ((laptop, omar, False), (other, someone, number < 5)):
            request = factories.make_service_request(service, by=dana, at=MONDAY_9, impact="wide")
            at = MONDAY_9 + hours(7 if late else 1)
            actions.resolve(request, message="Done", by=by, at=at)
    page = _open(factories.make_manager())
    answer = page.context["answer"]
    assert answer.words == "75\u00a0% of 20 requests were ready in time in November."
    assert answer.worst.department == other.department
    assert answer.worst_words == (
        "needs help most, with 50\u00a0% of 10; without it we reach 100\u00a0%."
    )
    assert page.context["lines"][0] == answer.worst
    assert f'href="/overview/departments/{other.department.slug}/"' in page.content.decode()


def test_a_department_is_for_those_who_manage_lead_or_administrate(
    laptop: Service, dana: User, omar: User, lena: User, kai: User, it: Any, hr: Any
) -> None:
    address = "/overview/departments/it/"
    administrator = factories.make_person(is_administrator=True)
    for person in (lena, factories.make_manager(it), factories.make_manager(), administrator):
        page = _open(person, address)
        assert_sound(page)
        assert "Does IT keep its promises?" in words(page)
    for person in (dana, omar, kai, factories.make_manager(hr)):
        assert _open(person, address).status_code == 404


def test_an_administrator_reads_figures_and_opens_no_lists(
    laptop: Service, dana: User, hr: Any
) -> None:
    factories.make_service(hr)
    factories.make_service_request(laptop, by=dana, at=MONDAY_9, impact="wide")
    page = _open(factories.make_person(is_administrator=True))
    assert page.context["lines"][0].late == 1
    assert "/overview/requests/" not in page.content.decode()


def test_the_side_bar_shows_a_lead_their_day_and_their_promises(
    laptop: Service, lena: User, omar: User
) -> None:
    said = _open(lena, "/queue/it/open/").content.decode()
    assert 'href="/overview/departments/it/today/"' in said
    assert 'href="/overview/departments/it/"' in said
    assert "/overview/" not in _open(omar, "/queue/it/open/").content.decode()


def _queries(person: User, address: str) -> int:
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    browser.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


def test_what_was_open_at_the_end_of_a_month_is_what_the_days_say(
    laptop: Service, dana: User, omar: User
) -> None:
    for number in range(4):
        request = factories.make_service_request(laptop, by=dana, at=OCTOBER)
        if number:
            actions.resolve(request, message="Done", by=omar, at=TUESDAY_9 - hours(number))
    factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    when = figures.reporting(TUESDAY_9)
    months = when.months(3)
    flows = figures.flows(None, when, grain=figures.Grain.MONTH, since=months[0].first)
    ends = figures.backlog_by_month(figures.backlog(None, when), flows, months)
    days = [min(one.next - timedelta(days=1), when.today) for one in months]
    assert list(ends.values())[::-1] == [0, 4, 2]
    assert list(ends.values())[::-1] == list(figures.backlog_by_day(None, when, days).values())
