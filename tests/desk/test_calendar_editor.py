"""The calendar editor: typed without script, seen before it is kept, kept with what it moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from calendars.contents import Contents
from calendars.models import Calendar, CalendarVersion
from catalogue.models import Service
from people.models import AuditEntry, Department, User
from requests_app.models import Event, ServiceRequest
from servicedesk.desk.calendars.reading import read_date, read_hours, read_time
from slas import agreements
from slas.engine import Metric
from slas.models import Reapplying
from slas.reapply import runs
from tests import factories
from tests.beforehand import beforehand
from tests.desk.conftest import SignIn
from tests.portal.reading import Response, assert_sound, queries, words
from tests.times import MONDAY_10, MONDAY_NOON, at, hours

HERE = "/manage/it/calendars/"


@pytest.fixture
@beforehand
def office(asked: ServiceRequest, it: Department) -> Calendar:
    """IT's calendar, by which the request of Monday at ten goes."""
    return it.calendars.get(is_default=True)


@pytest.fixture
def edit(office: Calendar) -> str:
    """The address of its page."""
    return f"{HERE}{office.pk}/"


def typed(page: Response, **otherwise: str) -> dict[str, str]:
    """What stands in the form of a page, but for this; an empty text takes a control away."""
    form = page.context["form"]
    sent = {name: str(value) for name, value in form.typed.items()}
    for name, value in otherwise.items():
        sent[name.replace("_", "-")] = value
    return sent


def newest(calendar: Calendar) -> CalendarVersion:
    """What it says now."""
    return calendar.versions.latest("number")


# Editing


def test_a_lead_adds_and_removes_hours_without_script(
    edit: str, office: Calendar, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    page = browser.get(edit)
    assert_sound(page)
    page = browser.post(edit, typed(page) | {"add": "hours-5"})
    assert page.status_code == 200
    assert_sound(page)
    assert 'name="opens-5-0"' in page.content.decode()
    sent = typed(page, opens_5_0="10", closes_5_0="14.30") | {"drop": "hours-0-1"}
    page = browser.post(edit, sent)
    assert 'name="opens-0-1"' not in page.content.decode()
    page = browser.post(edit, typed(page) | {"copy": "0"})
    assert "opens-1-1" not in page.context["form"].typed
    browser.post(edit, typed(page) | {"save": "1"})
    kept = newest(office)
    assert kept.number == 2
    assert kept.hours == {str(day): [["09:00", "12:30"]] for day in range(5)} | {
        "5": [["10:00", "14:30"]]
    }


def test_what_a_change_moves_is_seen_before_it_is_kept_and_the_request_shows_it_afterwards(
    edit: str, asked: ServiceRequest, office: Calendar, lena: User, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    sent = typed(browser.get(edit), opens_1_0="12:00")
    page = browser.post(edit, sent | {"preview": "1"})
    assert page.status_code == 200
    assert_sound(page)
    said = words(page)
    assert "Tuesday: 09:00–12:30, 13:30–17:30 → 12:00–12:30, 13:30–17:30" in said
    assert "1 open request goes by this calendar" in said
    assert "1 open request would be due later, by 4 h at most." in said
    assert asked.get_absolute_url() in page.content.decode()
    assert newest(office).number == 1
    assert Event.objects.filter(kind="calendar_changed").count() == 0
    again = dict(page.context["typed"])
    page = browser.post(edit, again | {"edit": "1"})
    assert page.context["form"].typed["opens-1-0"] == "12:00"
    page = browser.post(edit, again | {"save": "1"}, follow=True)
    assert "Version 2 is kept. 1 open request goes by it:" in words(page)
    assert newest(office).created_by == lena
    event = asked.events.get(kind="calendar_changed")
    assert event.actor == lena
    entry = AuditEntry.objects.get(kind="calendar")
    assert (entry.deed, entry.actor, sorted(entry.changes)) == (
        "changed",
        lena,
        ["hours", "number"],
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"opens_0_0": "nine"}, "“nine” is no time. Write it as 09:00."),
        ({"closes_0_0": ""}, "Say when it closes."),
        ({"opens_0_0": "24:00"}, "Nothing opens at 24:00."),
        ({"zone": "Europe/Nowhere"}, "There is no time zone “Europe/Nowhere”."),
        ({"closed_0": "tomorrow", "named_0": "Outing"}, "“tomorrow” is no date."),
        ({"closed_0": "2026-02-30", "named_0": "x"}, "“2026-02-30” is no date."),
        ({"closed_0": "2026-12-24"}, "Say why it is closed"),
        (
            {"closed_0": "2026-12-24", "until_0": "2026-12-20", "named_0": "x"},
            "The last day comes after the first",
        ),
        ({"special_0": "2026-12-24", "at_0": "morning"}, "“morning” are no hours."),
        ({"special_0": "2026-12-24", "at_0": ""}, "Give its hours"),
        (
            {"special_0": "2026-12-24", "at_0": "9-12", "closed_0": "2026-12-24", "named_0": "x"},
            "is one of your closed days",
        ),
        (
            {"special_0": "2026-12-24", "at_0": "9-12", "special_1": "24.12.2026", "at_1": "9-10"},
            "This day stands in the list already.",
        ),
        ({"country": "XX"}, "Choose one of the countries offered."),
        ({"subdivision": "XX"}, "Choose a part of this country, or all."),
        ({"name": ""}, "Give the calendar a name."),
        (
            {
                f"{which}_{day}_{row}": ""
                for which in ("opens", "closes") for day in range(5) for row in range(2)
            },
            "This calendar never opens",
        ),
        (
            {
                f"{which}_{day}_{row}": ""
                for which in ("opens", "closes") for day in range(5) for row in range(2)
            } | {"special_0": "2020-12-24", "at_0": "9-12"},
            "This calendar is closed for the next 5 years",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_stays_as_it_was_typed_with_a_sentence(
    edit: str,
    office: Calendar,
    lena: User,
    sign_in: SignIn,
    given: dict[str, str],
    sentence: str,
) -> None:
    browser = sign_in(lena)
    sent = typed(browser.get(edit), **given)
    for button in ("preview", "save"):
        page = browser.post(edit, sent | {button: "1"})
        assert page.status_code == 422
        assert_sound(page)
        assert sentence in words(page)
        for name in given:
            assert page.context["form"].typed[name.replace("_", "-")] == given[name]
    assert newest(office).number == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"opens-9-0": "1", "closed-": "x", "worked-2026-99-99": "on", "worked-x": "on"},
        {"add": "hours-9", "drop": "../..", "copy": "4"},
        {"add": "hours-²", "drop": "hours-0", "month": "2026-²"},
        {"month": "9999-99", "opens-0-0": "\x00", "seen": "-1"},
        {f"closed-{row}": "x" for row in range(1000, 1300)},
        {"preview": "1", "place": "99999999999999", "seen": "9" * 30},
        {"preview": "1", "place": "-1"},
    ],
)
def test_odd_input_fails_for_nobody(
    edit: str, office: Calendar, lena: User, sign_in: SignIn, odd: dict[str, str]
) -> None:
    browser = sign_in(lena)
    sent = typed(browser.get(edit)) | odd
    for address in (edit, f"{HERE}new/", f"{HERE}look/"):
        assert browser.post(address, sent).status_code in {200, 302, 422}
    assert newest(office).number == 1


def test_hours_that_overlap_count_once_and_it_is_said(
    edit: str, office: Calendar, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    sent = typed(browser.get(edit), closes_0_0="15:00")
    assert "Hours that overlap or touch count as one: Monday." in words(
        browser.post(edit, sent | {"preview": "1"})
    )
    browser.post(edit, sent | {"save": "1"})
    assert newest(office).hours["0"] == [["09:00", "17:30"]]


def test_public_holidays_are_shown_as_dates_with_names_and_can_be_worked(
    edit: str, office: Calendar, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    page = browser.get(edit)
    said = words(page)
    assert "Fri 25 Dec Christmas Day" in said
    assert [year for year, _days in page.context["form"].holidays] == [2026, 2027]
    sent = typed(page) | {"worked-2026-12-25": "on", "special-0": "2026-12-26", "at-0": "10–12"}
    browser.post(edit, sent | {"save": "1"})
    kept = newest(office)
    assert kept.removed_holidays == ["2026-12-25", "2026-12-26"]
    assert kept.special == {"2026-12-26": [["10:00", "12:00"]]}
    assert not {"2026-12-25", "2026-12-26"} & set(kept.closed)
    page = browser.get(edit)
    assert "Saint Stephen's Day: worked with these hours." in words(page)
    del sent["worked-2026-12-25"]
    browser.post(edit, sent | {"seen": "2", "save": "1"})
    assert newest(office).closed["2026-12-25"] == "Christmas Day"


def test_holidays_follow_the_country_that_is_chosen(edit: str, lena: User, sign_in: SignIn) -> None:
    browser = sign_in(lena)
    page = browser.post(edit, typed(browser.get(edit), country="DE") | {"refresh": "1"})
    assert "Bayern" in words(page)
    page = browser.post(edit, typed(page, subdivision="BY") | {"refresh": "1"})
    assert "All Saints' Day" in words(page)
    page = browser.post(edit, typed(page, country="") | {"refresh": "1"})
    assert "All Saints' Day" not in words(page)


def test_closed_days_in_a_row_are_typed_as_one(
    edit: str, office: Calendar, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    page = browser.post(edit, typed(browser.get(edit)) | {"add": "closed"})
    sent = typed(page, closed_0="2026-12-28", until_0="2026-12-31", named_0="Between the years")
    browser.post(edit, sent | {"save": "1"})
    assert newest(office).own_closed == {
        f"2026-12-{day}": "Between the years" for day in (28, 29, 30, 31)
    }
    kept = browser.get(edit).context["form"].typed
    assert (kept["closed-0"], kept["until-0"]) == ("2026-12-28", "2026-12-31")
    assert "closed-1" not in kept


def test_days_that_are_over_are_folded_away_and_kept(
    edit: str, office: Calendar, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    days = {"closed_0": "2026-11-02", "named_0": "Moved", "special_0": "2026-11-12", "at_0": "9-12"}
    sent = typed(browser.get(edit), special_1="2026-12-24", at_1="9-12", **days)
    browser.post(edit, sent | {"save": "1"})
    page = browser.get(edit)
    assert_sound(page)
    form = page.context["form"]
    assert [one.day.value() for one in form.closed_over] == ["2026-11-02"]
    assert [one.day.value() for one in form.special_over] == ["2026-11-12"]
    assert "1 that is over" in words(page)
    assert "1 day that is over" in words(page)
    browser.post(edit, typed(page, name="Hours") | {"save": "1"})
    assert set(newest(office).special) == {"2026-11-12", "2026-12-24"}
    wrong = browser.post(edit, typed(page, at_0="morning") | {"preview": "1"})
    assert wrong.context["form"].special_over == []


def test_a_new_calendar_shows_what_it_means_before_it_has_a_name(
    office: Calendar, lena: User, sign_in: SignIn
) -> None:
    page = sign_in(lena).get(f"{HERE}new/")
    assert "A promise of 4 hours made now would be due" in words(page)
    refused = sign_in(lena).post(f"{HERE}new/", typed(page) | {"save": "1"})
    assert refused.status_code == 422
    assert "Give the calendar a name." in words(refused)


def test_the_month_and_the_promise_are_those_of_what_is_typed(
    edit: str, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    page = browser.get(edit)
    assert "A promise of 4 hours made now would be due today, 17:00, Dublin time." in words(page)
    sent = typed(page, closes_0_1="14:00")
    due = "would be due tomorrow, 12:00, Dublin time."
    for address, more in ((f"{HERE}look/", {}), (edit, {"look": "1"})):
        answer = browser.post(address, sent | more)
        assert answer.status_code == 200
        assert due in words(answer)
    december = words(browser.post(edit, sent | {"month": "2026-12"}))
    assert "December 2026" in december
    assert "Christmas Day" in december
    assert "November 2026" in words(browser.post(edit, sent | {"shown": "2026-11", "look": "1"}))
    broken = browser.post(f"{HERE}look/", sent | {"zone": "x"})
    assert "As soon as what is typed can be read" in words(broken)


def test_of_two_leads_the_second_sees_what_the_first_kept_and_loses_nothing(
    edit: str, office: Calendar, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    page = browser.get(edit)
    browser.post(edit, typed(page, opens_0_0="08:00") | {"save": "1"})
    mine = typed(page, opens_1_0="08:30")
    page = browser.post(edit, mine | {"save": "1"})
    assert page.status_code == 409
    assert_sound(page)
    assert "Lena Nowak was quicker" in words(page)
    assert "Monday: 09:00–12:30, 13:30–17:30 → 08:00–12:30, 13:30–17:30" in words(page)
    assert browser.post(edit, typed(page) | {"save": "1"}).status_code == 302
    assert newest(office).hours["1"][0] == ["08:30", "12:30"]


def test_restricted_requests_are_counted_and_not_shown(
    edit: str, it: Department, dana: User, lena: User, sign_in: SignIn
) -> None:
    other = factories.make_team(it)
    secret = factories.make_service(it, team=other, restricted=True)
    hidden = factories.make_service_request(secret, by=dana, at=MONDAY_10)
    browser = sign_in(lena)
    sent = typed(browser.get(edit), opens_1_0="12:00")
    page = browser.post(edit, sent | {"preview": "1"})
    said = words(page)
    assert "2 open requests go by this calendar" in said
    assert "1 restricted, not shown" in said
    assert hidden.get_absolute_url() not in page.content.decode()


def test_a_department_may_have_more_than_one_calendar(
    office: Calendar, it: Department, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    page = browser.get(f"{HERE}new/")
    assert_sound(page)
    sent = typed(page, name="Office hours")
    refused = browser.post(f"{HERE}new/", sent | {"save": "1"})
    assert refused.status_code == 422
    assert "There is a calendar “Office hours” already." in words(refused)
    browser.post(f"{HERE}new/", sent | {"name": "Night watch", "save": "1"})
    watch = it.calendars.get(name="Night watch")
    assert not watch.is_default
    page = browser.get(HERE)
    assert_sound(page)
    assert "Mon–Fri 09:00–12:30, 13:30–17:30" in words(page)
    browser.post(f"{HERE}{watch.pk}/default/")
    office.refresh_from_db()
    assert not office.is_default
    browser.post(
        f"{HERE}{office.pk}/",
        typed(browser.get(f"{HERE}{office.pk}/"), name="Days") | {"save": "1"},
    )
    office.refresh_from_db()
    assert office.name == "Days"
    assert newest(office).number == 1
    assert AuditEntry.objects.filter(kind="calendar", deed="changed").count() == 3


def test_versions_say_what_they_changed(
    edit: str, office: Calendar, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    browser.post(edit, typed(browser.get(edit), zone="Europe/Lisbon") | {"save": "1"})
    page = browser.get(f"{edit}history/")
    assert_sound(page)
    said = words(page)
    assert "Time zone: Europe/Dublin → Europe/Lisbon" in said
    assert "The first one." in said


def test_agents_are_told_whose_calendars_these_are_and_others_find_none(
    edit: str, omar: User, kai: User, sign_in: SignIn
) -> None:
    for address in (HERE, edit, f"{edit}history/", f"{edit}requests/"):
        assert sign_in(omar).get(address).status_code == 403
        assert sign_in(kai).get(address).status_code == 404


def test_every_page_takes_a_fixed_number_of_queries(
    edit: str, laptop: Service, office: Calendar, dana: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    addresses = (HERE, edit, f"{edit}history/", f"{edit}requests/")
    before = [queries(browser, address) for address in addresses]
    for number in range(8):
        factories.make_service_request(laptop, by=dana, at=MONDAY_10)
        runs.change_calendar(
            office,
            _other(office, number),
            seen=newest(office).number,
            by=lena,
            at=MONDAY_NOON,
        )
    after = [queries(browser, address) for address in addresses]
    assert after[:3] == before[:3]
    assert after[3] <= before[3] + 6  # nothing moved before: no request was read
    factories.make_service_request(laptop, by=dana, at=MONDAY_10 - timedelta(days=3))
    assert queries(browser, addresses[3]) == after[3]


def _other(office: Calendar, number: int) -> Contents:
    return replace(
        Contents.of(newest(office)), own_closed={date(2026, 11, 18 + number): f"Day {number}"}
    )


# Applying


def test_what_is_left_of_a_change_is_seen_started_and_watched(
    edit: str, asked: ServiceRequest, office: Calendar, it: Department, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    assert "nothing moves" in words(browser.get(f"{edit}requests/"))
    version, run = runs.change_calendar(office, _other(office, 0), seen=1, by=lena, at=MONDAY_NOON)
    assert run is not None
    page = browser.get(f"{edit}requests/")
    assert_sound(page)
    assert "1 would be due later" in words(page).replace("open request ", "")
    address = f"/manage/it/open-requests/{run.pk}/"
    page = browser.get(address)
    assert_sound(page)
    assert "0 of 1 are done." in words(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    page = browser.post(f"{edit}requests/", follow=True)
    assert page.redirect_chain[-1][0] == address
    assert "Applied to open requests" in words(browser.get(address))
    assert 'hx-trigger="every 2s"' not in browser.get(address).content.decode()
    assert version == newest(office)
    assert asked.events.filter(kind="calendar_changed").count() == 1
    assert "nothing to do" in words(browser.post(f"{edit}requests/", follow=True))


def test_a_lead_lets_a_new_version_of_the_standard_hold_for_open_requests(
    asked: ServiceRequest, it: Department, hr: Department, lena: User, sign_in: SignIn
) -> None:
    version = agreements.publish_standard(
        it, at=MONDAY_10 + hours(1), targets={(Metric.RESOLUTION, "P3"): hours(8)}
    )
    browser, address = sign_in(lena), f"/manage/it/open-requests/agreement/{version.pk}/"
    page = browser.get(address)
    assert_sound(page)
    assert "would be due earlier" in words(page)
    page = browser.post(address, follow=True)
    assert_sound(page)
    assert "1 due earlier" in words(page)
    asked.refresh_from_db()
    assert asked.clocks.get(metric=Metric.RESOLUTION).due_at == at(17, 10, 30)
    run = Reapplying.objects.get()
    assert (run.started_by, run.done) == (lena, 1)
    assert sign_in(lena).get(f"/manage/people/open-requests/{run.pk}/").status_code == 404
    earlier = version.agreement.versions.get(number=1)
    page = browser.get(f"/manage/it/open-requests/agreement/{earlier.pk}/")
    assert "This version is no longer in force" in words(page)
    refused = browser.post(f"/manage/it/open-requests/agreement/{earlier.pk}/")
    assert refused.status_code == 422


# Reading what people write


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9", "09:00"), ("9:30", "09:30"), ("09.30", "09:30"), ("0930", "09:30"), ("9h", "09:00"),
        ("9h30", "09:30"), (" 24:00 ", "24:00"), ("24", "24:00"), ("24:01", ""), ("25", ""),
        ("9:60", ""), ("930", "09:30"), ("", ""), ("٩", ""), ("-1", ""),
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them(text: str, read: str) -> None:
    assert read_time(text) == read


def test_hours_are_read_in_one_line() -> None:
    assert read_hours("9-12:30, 13:30 to 17") == (("09:00", "12:30"), ("13:30", "17:00"))
    assert read_hours("22:00–06:00") == (("22:00", "06:00"),)
    assert read_hours("") == ()
    assert read_hours("9-12-14") is None
    assert read_hours("24:00-9") is None


def test_dates_are_read_as_people_write_them() -> None:
    assert read_date("2026-12-24") == read_date("24.12.2026") == read_date("24/12/2026")
    assert read_date("2026-02-30") is None
    assert read_date("Christmas") is None
