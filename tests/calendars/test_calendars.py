"""Calendars of departments: versions that never change, with every closed date written out."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from calendars import actions, holidays_source, models, tasks
from calendars.actions import create_default, extend_horizon, extend_horizons, publish_version
from calendars.contents import Contents
from calendars.holidays_source import UnknownCountry, public_holidays
from calendars.models import Calendar, CalendarVersion, current_version, work_calendars
from calendars.worktime import BadHours, CalendarNeverOpens
from people.models import AuditEntry, Department
from tests import factories

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = actions.DEFAULT_HOURS


def department(key: str = "QA", zone: str = "Europe/Dublin", country: str = "IE") -> Department:
    return Department.objects.create(
        key=key, slug=key.lower(), name=f"Department {key}", zone=zone, country=country
    )


def bare_calendar(**kwargs: Any) -> Calendar:
    return Calendar.objects.create(department=department(**kwargs), name="Hours", is_default=True)


def publish(calendar: Calendar, **given: Any) -> CalendarVersion:
    return publish_version(
        calendar,
        **{
            "zone": "Europe/Dublin",
            "hours": OFFICE,
            "country": "IE",
            "by": None,
            "at": AT,
            **given,
        },
    )


# Defaults


def test_a_department_begins_with_office_hours_in_its_own_zone() -> None:
    lisbon = department("LX", "Europe/Lisbon", "PT")
    calendar = create_default(lisbon, at=AT)
    version = current_version(lisbon.pk)
    assert version.calendar == calendar
    assert version.number == 1
    assert version.zone == "Europe/Lisbon"
    assert version.work_calendar.hours == dict.fromkeys(
        range(5), (("09:00", "12:30"), ("13:30", "17:30"))
    )


def test_the_default_calendar_is_made_once() -> None:
    provider = department()
    assert create_default(provider, at=AT) == create_default(provider, at=AT)
    assert CalendarVersion.objects.current_for(provider).count() == 1


def test_a_department_without_a_calendar_has_no_current_version() -> None:
    with pytest.raises(CalendarVersion.DoesNotExist):
        current_version(department().pk)


@pytest.mark.parametrize(
    ("country", "zone", "year", "names"),
    [
        (
            "IE",
            "Europe/Dublin",
            2026,
            {
                "2026-01-01": "New Year's Day",
                "2026-02-02": "Saint Brigid's Day",
                "2026-03-17": "Saint Patrick's Day",
                "2026-04-06": "Easter Monday",
                "2026-05-04": "May Bank Holiday",
                "2026-06-01": "June Bank Holiday",
                "2026-08-03": "August Bank Holiday",
                "2026-10-26": "October Bank Holiday",
                "2026-12-25": "Christmas Day",
                "2026-12-26": "Saint Stephen's Day",
            },
        ),
        (
            "PT",
            "Europe/Lisbon",
            2026,
            {
                "2026-01-01": "New Year's Day",
                "2026-04-03": "Good Friday",
                "2026-04-05": "Easter Sunday",
                "2026-04-25": "Freedom Day",
                "2026-05-01": "Labor Day",
                "2026-06-04": "Corpus Christi",
                "2026-06-10": "Day of Portugal, Camões, and the Portuguese Communities",
                "2026-08-15": "Assumption Day",
                "2026-10-05": "Republic Day",
                "2026-11-01": "All Saints' Day",
                "2026-12-01": "Restoration of Independence Day",
                "2026-12-08": "Immaculate Conception",
                "2026-12-25": "Christmas Day",
            },
        ),
        (
            "PL",
            "Europe/Warsaw",
            2026,
            {
                "2026-01-01": "New Year's Day",
                "2026-01-06": "Epiphany",
                "2026-04-05": "Easter Sunday",
                "2026-04-06": "Easter Monday",
                "2026-05-01": "National Day",
                "2026-05-03": "National Day of the Third of May",
                "2026-05-24": "Pentecost",
                "2026-06-04": "Corpus Christi",
                "2026-08-15": "Assumption Day",
                "2026-11-01": "All Saints' Day",
                "2026-11-11": "National Independence Day",
                "2026-12-24": "Christmas Eve",
                "2026-12-25": "Christmas Day",
                "2026-12-26": "Second Day of Christmas",
            },
        ),
    ],
)
def test_public_holidays_of_the_country_are_written_out_with_their_names(
    country: str, zone: str, year: int, names: dict[str, str]
) -> None:
    provider = department("HQ", zone, country)
    create_default(provider, at=AT)
    closed = current_version(provider.pk).closed
    assert {day: name for day, name in closed.items() if day.startswith(str(year))} == names


def test_holidays_are_written_out_for_years_on_both_sides() -> None:
    version = publish(bare_calendar())
    assert min(version.closed_dates()) == date(2021, 1, 1)
    assert max(version.closed_dates()) == date(2032, 12, 26)
    assert version.covers_until == date(2032, 12, 31)


# Versions


def test_versions_are_numbered_and_the_newest_is_current() -> None:
    calendar = bare_calendar()
    first = publish(calendar)
    second = publish(calendar, hours={0: [("08:00", "12:00")]})
    assert (first.number, second.number) == (1, 2)
    assert current_version(calendar.department_id) == second
    assert list(calendar.versions.current()) == [second]


def test_versions_of_other_calendars_do_not_become_current() -> None:
    calendar = bare_calendar()
    version = publish(calendar)
    night_shift = Calendar.objects.create(department=calendar.department, name="Nights")
    publish(night_shift)
    publish(night_shift)
    publish(bare_calendar(key="HR"))
    assert current_version(calendar.department_id) == version


def test_a_number_is_given_once_in_a_calendar() -> None:
    version = publish(bare_calendar())
    version.pk = None
    with pytest.raises(IntegrityError, match="calendar_version_number_once"):
        version.save(force_insert=True)


def test_a_department_has_one_default_calendar() -> None:
    calendar = bare_calendar()
    with pytest.raises(IntegrityError, match="one_default_calendar_per_department"):
        Calendar.objects.create(department=calendar.department, name="Another", is_default=True)


def test_a_version_cannot_be_changed_in_any_way() -> None:
    version = publish(bare_calendar())
    version.zone = "Europe/Lisbon"
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        version.save()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        CalendarVersion.objects.filter(pk=version.pk).update(closed={})
    version.refresh_from_db()
    assert version.zone == "Europe/Dublin"


def test_a_version_cannot_be_deleted() -> None:
    version = publish(bare_calendar())
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        version.delete()
    assert CalendarVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_publish_at_once_get_two_numbers() -> None:
    calendar = bare_calendar()
    gate = threading.Barrier(2)
    numbers: list[int] = []

    def publish_one() -> None:
        try:
            gate.wait()
            numbers.append(publish(calendar).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_requests_that_need_the_default_calendar_at_once_make_one() -> None:
    provider = department()
    gate = threading.Barrier(2)
    made: list[int] = []

    def create_one() -> None:
        try:
            gate.wait()
            made.append(create_default(provider, at=AT).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=create_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert len(set(made)) == 1
    assert current_version(provider.pk).number == 1


# What a version says


def test_a_stored_version_counts_as_it_was_published() -> None:
    version = publish(
        bare_calendar(),
        own_closed={date(2026, 6, 5): "Summer outing"},
        special={date(2026, 6, 4): [("09:00", "11:00")]},
    )
    stored = CalendarVersion.objects.get(pk=version.pk)
    start = datetime(2026, 6, 4, 7, tzinfo=UTC)  # Thursday 08:00 in Dublin
    assert stored.work_calendar.due(start, 2 * HOUR) == datetime(2026, 6, 4, 10, tzinfo=UTC)
    # Friday is the outing: Monday 09:00 is 08:00 UTC.
    assert stored.work_calendar.due(start, 3 * HOUR) == datetime(2026, 6, 8, 9, tzinfo=UTC)
    assert stored.closed["2026-06-05"] == "Summer outing"


def test_a_public_holiday_does_not_count() -> None:
    version = publish(bare_calendar())
    friday = datetime(2026, 5, 29, 16, tzinfo=UTC)  # 17:00 before the June bank holiday
    assert version.work_calendar.due(friday, HOUR) == datetime(2026, 6, 2, 8, 30, tzinfo=UTC)


def test_a_removed_holiday_is_worked() -> None:
    version = publish(bare_calendar(), removed_holidays=[date(2026, 6, 1)])
    friday = datetime(2026, 5, 29, 16, tzinfo=UTC)
    assert version.work_calendar.due(friday, HOUR) == datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
    assert "2026-06-01" not in version.closed
    assert version.removed_holidays == ["2026-06-01"]


def test_a_day_closed_by_hand_beats_its_removal_and_its_special_hours() -> None:
    day = date(2026, 6, 1)
    version = publish(
        bare_calendar(),
        own_closed={day: "Stocktaking"},
        removed_holidays=[day],
        special={day: [("09:00", "12:00")]},
    )
    assert version.closed["2026-06-01"] == "Stocktaking"
    assert not version.work_calendar.is_open(datetime(2026, 6, 1, 9, tzinfo=UTC))


def test_a_calendar_without_a_country_has_no_public_holidays() -> None:
    assert publish(bare_calendar(), country="").closed == {}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"hours": {}}, CalendarNeverOpens),
        ({"hours": {0: [("9", "12")]}}, BadHours),
        ({"zone": "Europe/Nowhere"}, BadHours),
        ({"country": "XX"}, UnknownCountry),
        ({"country": "IE", "subdivision": "ZZ"}, UnknownCountry),
        ({"country": "", "subdivision": "ZZ"}, UnknownCountry),
        (
            {"own_closed": {AT.date() + timedelta(days=n): "closed" for n in range(5 * 366)}},
            CalendarNeverOpens,
        ),
        ({"hours": {}, "special": {date(2020, 1, 1): [("09:00", "10:00")]}}, CalendarNeverOpens),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_no_trace(
    given: dict[str, Any], error: type[Exception]
) -> None:
    calendar = bare_calendar()
    with pytest.raises(error):
        publish(calendar, **given)
    assert not calendar.versions.exists()


# Holidays run out


def test_holidays_are_written_further_ahead_before_they_run_out() -> None:
    calendar = bare_calendar()
    first = publish(
        calendar,
        own_closed={date(2026, 6, 5): "Summer outing"},
        removed_holidays=[date(2026, 6, 1)],
        special={date(2026, 12, 24): [("09:00", "12:00")]},
    )
    later = AT.replace(year=2029)
    second = extend_horizon(calendar, at=later)
    assert second is not None
    assert (second.number, second.covers_until) == (2, date(2035, 12, 31))
    for kept in ("zone", "hours", "country", "own_closed", "removed_holidays", "special"):
        assert getattr(second, kept) == getattr(first, kept), kept
    assert second.closed["2035-12-25"] == "Christmas Day"
    assert second.closed["2026-06-05"] == "Summer outing"
    assert "2026-06-01" not in second.closed
    assert extend_horizon(calendar, at=later) is None


def test_nothing_is_published_while_enough_holidays_are_written_out() -> None:
    calendar = bare_calendar()
    publish(calendar)
    assert extend_horizon(calendar, at=AT.replace(year=2028)) is None
    assert extend_horizon(bare_calendar(key="HR"), at=AT) is None


def test_all_calendars_are_extended_and_one_that_cannot_be_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(bare_calendar(key="FAIR"), hours={}, special={date(2026, 7, 1): [("09:00", "10:00")]})
    office = bare_calendar(key="HR")
    publish(office)
    monkeypatch.setattr(tasks.timezone, "now", lambda: AT.replace(year=2030))
    assert tasks.extend_horizons() == 1
    assert office.versions.count() == 2
    assert extend_horizons(at=AT.replace(year=2030)) == 0


# Built once


def test_a_version_is_built_once_in_a_process() -> None:
    version = publish(bare_calendar())
    again = CalendarVersion.objects.get(pk=version.pk)
    assert again.work_calendar is version.work_calendar


def test_calendars_used_lately_cost_no_query() -> None:
    versions = [publish(bare_calendar(key=key)) for key in ("QA", "HR")]
    models._built.forget()
    ids = {version.pk for version in versions}
    with CaptureQueriesContext(connection) as cold:
        found = work_calendars(ids)
    with CaptureQueriesContext(connection) as warm:
        assert work_calendars(ids) == found
    assert (len(cold), len(warm)) == (1, 0)
    assert found[versions[0].pk] == versions[0].work_calendar


def test_only_so_many_calendars_are_kept_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_built", models._Built(size=2))
    calendar = bare_calendar()
    versions = [publish(calendar) for _ in range(3)]
    built = [version.work_calendar for version in versions]
    assert versions[2].work_calendar is built[2]
    assert versions[1].work_calendar is built[1]
    assert versions[0].work_calendar is not built[0]


# Where holidays come from


def test_holidays_know_subdivisions() -> None:
    bavaria = public_holidays("DE", "BY", [2026])
    assert bavaria[date(2026, 1, 6)] == "Epiphany"
    assert date(2026, 1, 6) not in public_holidays("DE", "", [2026])


def test_an_unknown_country_is_named_in_the_message() -> None:
    with pytest.raises(UnknownCountry, match="“XX”"):
        public_holidays("XX", "", [2026])
    with pytest.raises(UnknownCountry, match="“ZZ” is no subdivision of GB; it has ENG"):
        public_holidays("GB", "ZZ", [2026])


def test_countries_list_their_subdivisions() -> None:
    known = holidays_source.countries()
    assert known["IE"] == []
    assert "SCT" in known["GB"]


# Who may, and what is written down


def said(version: CalendarVersion, **otherwise: Any) -> Contents:
    return replace(Contents.of(version), **otherwise)


def test_only_leads_change_what_a_calendar_says() -> None:
    calendar = bare_calendar()
    version = publish(calendar)
    nobody = factories.make_agent(factories.make_team(calendar.department))
    for deed in (
        lambda: actions.change(calendar, said(version), seen=1, by=nobody, at=AT),
        lambda: actions.create(calendar.department, "x", said(version), by=nobody, at=AT),
        lambda: actions.rename(calendar, "x", by=nobody, at=AT),
        lambda: actions.make_default(calendar, by=nobody, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_a_change_is_audited_with_what_is_different_and_the_same_again_is_none() -> None:
    calendar = bare_calendar()
    version = publish(calendar)
    lead = factories.make_agent(factories.make_team(calendar.department), is_lead=True)
    wanted = said(version, zone="Europe/Lisbon")
    changed = actions.change(calendar, wanted, seen=1, by=lead, at=AT)
    assert changed is not None
    assert actions.change(calendar, wanted, seen=2, by=lead, at=AT) is None
    entry = AuditEntry.objects.get(kind="calendar")
    assert (entry.actor, entry.deed) == (lead, "changed")
    assert entry.changes == {"number": [1, 2], "zone": ["Europe/Dublin", "Europe/Lisbon"]}


def test_a_change_of_an_outdated_version_is_held_up() -> None:
    calendar = bare_calendar()
    version = publish(calendar)
    publish(calendar)
    with pytest.raises(actions.StaleCalendar):
        actions.change(calendar, said(version, zone="UTC"), seen=1, by=None, at=AT)


def test_the_first_calendar_of_a_department_is_its_default() -> None:
    bare = department()
    contents = Contents("Europe/Dublin", OFFICE)
    first = actions.create(bare, "  Days ", contents, by=None, at=AT)
    second = actions.create(bare, "Nights", contents, by=None, at=AT)
    assert (first.name, first.is_default, second.is_default) == ("Days", True, False)
    with pytest.raises(actions.BadName, match="already"):
        actions.create(bare, "Nights", contents, by=None, at=AT)
    with pytest.raises(actions.BadName, match="already"):
        actions.rename(second, "Days", by=None, at=AT)
    with pytest.raises(actions.BadName, match="80 letters"):
        actions.rename(second, "x" * 81, by=None, at=AT)
    assert actions.make_default(second, by=None, at=AT).is_default
    assert list(bare.calendars.filter(is_default=True)) == [second]
