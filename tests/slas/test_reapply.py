"""A changed calendar or agreement, applied to requests that are open already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calendars.contents import Contents
from calendars.models import Calendar
from catalogue.models import Service
from people.models import Department, User
from requests_app import actions
from requests_app.models import Event, ServiceRequest
from slas import agreements, drafting, replay, tasks
from slas.conditions import Conditions
from slas.engine import Cause, Metric, State
from slas.models import AgreementVersion, Clock, Reapplying, Terms
from slas.reapply import runs
from slas.reapply.changes import NotInForce, drafted_hours, new_hours, new_version, newest_of
from slas.reapply.preview import preview
from tests import factories
from tests.beforehand import beforehand
from tests.slas.alone import promises_alone
from tests.times import (
    MONDAY_9,
    MONDAY_10,
    MONDAY_NOON,
    NEXT_MONDAY_9,
    TUESDAY_9,
    at,
    hours,
)

pytestmark = pytest.mark.django_db

WHOLE_DAY = {day: [("09:00", "17:30")] for day in range(5)}
"""The office without its lunch: an hour more each day."""


@pytest.fixture
@beforehand
@promises_alone
def asked(laptop: Service, dana: User) -> list[ServiceRequest]:
    """Three P3 of Monday, nine o'clock: answered by 14:00, ready by Wednesday 17:30."""
    return [factories.make_service_request(laptop, by=dana, at=MONDAY_9) for _ in range(3)]


@pytest.fixture
@beforehand
@promises_alone
def office(asked: list[ServiceRequest], it: Department) -> Calendar:
    """The calendar that they go by."""
    return it.calendars.get(is_default=True)


def said(calendar: Calendar, **otherwise: Any) -> Contents:
    """What it says now, but for this."""
    return replace(Contents.of(newest_of(calendar)), **otherwise)


def change(calendar: Calendar, by: User, now: datetime = MONDAY_NOON, **what: Any) -> Reapplying:
    """Save it, without working on what follows."""
    seen = newest_of(calendar).number
    version, run = runs.change_calendar(calendar, said(calendar, **what), seen=seen, by=by, at=now)
    assert version is not None
    assert run is not None
    return run


def finish(run: Reapplying, now: datetime = MONDAY_NOON) -> Reapplying:
    """Work on it to its end."""
    runs.work(run.pk, lambda: now)
    run.refresh_from_db()
    assert run.is_finished
    return run


def ready(request: ServiceRequest) -> Clock:
    """The latest clock of its resolution."""
    return request.clocks.filter(metric=Metric.RESOLUTION).latest("cycle")


def assert_borne_out(now: datetime) -> None:
    """Stored and replayed clocks are the same."""
    assert replay.differences(list(ServiceRequest.objects.values_list("pk", flat=True)), now) == []


# Hours


def test_a_change_of_hours_makes_a_new_version_and_tells_each_open_request_it_touches(
    asked: list[ServiceRequest], office: Calendar, omar: User, lena: User
) -> None:
    actions.resolve(asked[0], message="Done.", by=omar, at=MONDAY_10)
    run = finish(change(office, lena, hours=WHOLE_DAY))
    assert newest_of(office).number == 2
    told = Event.objects.filter(kind="calendar_changed")
    assert [one.service_request_id for one in told.order_by("pk")] == [r.pk for r in asked[1:]]
    assert {(one.actor, one.at) for one in told} == {(lena, MONDAY_NOON)}
    assert (run.to_do, run.done, run.earlier, run.later, run.late) == (2, 2, 2, 0, 0)
    assert ready(asked[1]).due_at == at(18, 16)
    assert ServiceRequest.objects.get(pk=asked[1].pk).due_at == at(16, 13)
    assert ready(asked[0]).calendar_version.number == 1
    assert_borne_out(TUESDAY_9)


def test_what_the_preview_says_is_what_happens(
    asked: list[ServiceRequest], office: Calendar, omar: User, lena: User
) -> None:
    actions.ask(asked[0], message="Which?", look_again_on=at(30, 9).date(), by=omar, at=MONDAY_10)
    holiday = {date(2026, 11, 17): "Outing"}
    draft = drafted_hours(office, said(office, own_closed=holiday), MONDAY_NOON)
    with CaptureQueriesContext(connection) as captured:
        told = preview(draft, MONDAY_NOON)
    assert len(captured) < 8
    assert not any(one["sql"].startswith(("INSERT", "UPDATE")) for one in captured)
    assert (told.requests, told.later, told.earlier, told.same) == (3, 2, 0, 1)
    line = told.most_later
    assert line is not None
    assert line.outcome.largest == timedelta(days=1)
    due = {
        (line.service_request_id, move.metric): move.after
        for line in told.lines
        for move in line.outcome.moves
    }
    finish(change(office, lena, own_closed=holiday))
    assert due == {
        (clock.service_request_id, clock.metric): clock.due_at
        for clock in Clock.objects.filter(service_request__in=asked[1:], metric="resolution")
    }
    assert ready(asked[0]).state == State.PAUSED


def test_running_it_twice_changes_nothing(
    asked: list[ServiceRequest], office: Calendar, lena: User
) -> None:
    run = finish(change(office, lena, hours=WHOLE_DAY))
    before = list(Clock.objects.order_by("pk").values())
    events = Event.objects.count()
    assert runs.begin(newest_of(office), by=lena, at=MONDAY_NOON) is None
    runs.work(run.pk, lambda: TUESDAY_9)
    requests = ServiceRequest.objects.lock_all([one.pk for one in asked])
    assert runs.write(requests, new_hours(newest_of(office)), by=None, now=TUESDAY_9) == []
    assert list(Clock.objects.order_by("pk").values()) == before
    assert Event.objects.count() == events


def test_an_interrupted_run_goes_on_where_it_stopped(
    asked: list[ServiceRequest], office: Calendar, lena: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BATCH", 1)
    run = change(office, lena, hours=WHOLE_DAY)
    assert runs.claim(run.pk, MONDAY_NOON)
    assert runs.go_on(run.pk, MONDAY_NOON)  # and then its worker dies
    assert Event.objects.filter(kind="calendar_changed").count() == 1
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_NOON + timedelta(seconds=59))
    tasks.reapply()
    run.refresh_from_db()
    assert (run.done, run.is_finished) == (1, False)  # nobody knows yet that it is gone
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_NOON + timedelta(seconds=61))
    tasks.reapply()
    run.refresh_from_db()
    assert (run.done, run.is_finished, run.earlier) == (3, True, 3)
    assert Event.objects.filter(kind="calendar_changed").count() == 3


def test_two_who_work_on_the_same_batch_count_it_once(
    asked: list[ServiceRequest], office: Calendar, lena: User
) -> None:
    run = change(office, lena, hours=WHOLE_DAY)
    late = Reapplying.objects.select_related("calendar_version").get(pk=run.pk)
    finish(run)
    runs._batch(late, new_hours(newest_of(office)), [one.pk for one in asked], MONDAY_NOON)
    run.refresh_from_db()
    assert (run.done, run.earlier) == (3, 3)


def test_one_that_cannot_be_written_stops_no_other_and_is_named(
    asked: list[ServiceRequest],
    office: Calendar,
    lena: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    do = runs.change_promises

    def fail(some: Any, *given: Any, **more: Any) -> Any:
        if any(one.pk == asked[1].pk for one in some):
            raise ValueError("Not this one")
        return do(some, *given, **more)

    monkeypatch.setattr(runs, "change_promises", fail)
    run = finish(change(office, lena, hours=WHOLE_DAY))
    assert run.failed == [asked[1].pk]
    assert (run.done, run.earlier) == (3, 2)
    monkeypatch.setattr(runs, "change_promises", do)
    again = runs.begin(newest_of(office), by=lena, at=MONDAY_NOON)
    assert again is not None
    assert finish(again).done == 1


def test_decided_clocks_stay_as_they_were_judged_also_under_replay(
    asked: list[ServiceRequest], office: Calendar, omar: User, lena: User
) -> None:
    actions.reply(asked[0], message="Late, sorry.", by=omar, at=TUESDAY_9)
    first = asked[0].clocks.get(metric=Metric.FIRST_RESPONSE)
    assert first.breached_at == at(16, 14)
    finish(change(office, lena, now=TUESDAY_9, zone="Asia/Tokyo"), TUESDAY_9)
    judged = asked[0].clocks.get(metric=Metric.FIRST_RESPONSE)
    assert (judged.breached_at, judged.calendar_version) == (at(16, 14), first.calendar_version)
    assert_borne_out(NEXT_MONDAY_9)


def test_time_used_stays_used_so_hours_alone_make_nothing_late(
    asked: list[ServiceRequest], office: Calendar, lena: User
) -> None:
    always = {day: [("00:00", "24:00")] for day in range(7)}
    now = at(17, 10)
    run = finish(change(office, lena, now=now, hours=always, country=""), now)
    clock = ready(asked[0])
    assert (run.earlier, run.late) == (3, 0)
    assert clock.used == hours(8.5)  # by the hours of then
    assert clock.due_at == now + hours(24 - 8.5)
    assert_borne_out(now)


def test_new_requests_go_by_the_new_hours_and_are_left_alone(
    asked: list[ServiceRequest], office: Calendar, laptop: Service, dana: User, lena: User
) -> None:
    run = change(office, lena, hours=WHOLE_DAY)
    new = factories.make_service_request(laptop, by=dana, at=MONDAY_NOON)
    assert ready(new).calendar_version.number == 2
    finish(run)
    assert not new.events.filter(kind="calendar_changed").exists()


def test_an_event_is_never_before_the_last_deed_of_its_request(
    asked: list[ServiceRequest], office: Calendar, omar: User, lena: User
) -> None:
    actions.reply(asked[0], message="Ahead of time", by=omar, at=MONDAY_NOON + hours(1))
    finish(change(office, lena, hours=WHOLE_DAY))
    assert asked[0].events.get(kind="calendar_changed").at == MONDAY_NOON + hours(1)
    later = actions.reply(asked[1], message="x", by=omar, at=MONDAY_10)  # the desk's clock set back
    assert later.last_deed_at == MONDAY_NOON
    assert_borne_out(TUESDAY_9)


def test_the_receiving_departments_own_time_follows_its_own_calendar(
    asked: list[ServiceRequest], office: Calendar, omar: User, lena: User, hr: Department
) -> None:
    other = factories.make_service(hr)
    actions.transfer(asked[0], service=other, reason="Yours", by=omar, at=MONDAY_10)
    theirs = hr.calendars.get()
    run = change(theirs, None, hours=WHOLE_DAY)  # type: ignore[arg-type]
    assert finish(run).to_do == 1
    named = Terms.objects.filter(event__kind="calendar_changed")
    assert [one.scope for one in named] == ["holding"]
    assert finish(change(office, lena, hours=WHOLE_DAY)).to_do == 3
    assert_borne_out(TUESDAY_9)


def test_a_batch_costs_the_same_queries_however_many_requests_it_has(
    laptop: Service, dana: User, lena: User
) -> None:
    counts: list[int] = []
    for number in (1, 7, 14):
        for _ in range(number):
            factories.make_service_request(laptop, by=dana, at=MONDAY_9)
        office = laptop.department.calendars.get(is_default=True)
        opens = f"0{8 - len(counts)}:00"
        run = change(office, lena, hours={day: [(opens, "17:30")] for day in range(5)})
        with CaptureQueriesContext(connection) as captured:
            runs.go_on(run.pk, MONDAY_NOON)
        counts.append(len(captured))
        finish(run)
    assert counts[1] == counts[2] < 30


# Agreements


def published(it: Department, now: datetime, **given: Any) -> AgreementVersion:
    """The next version of IT's standard: ready within a working day."""
    short = {(str(Metric.RESOLUTION), "P3"): hours(8)}
    return agreements.publish_standard(it, at=now, targets=short, **given)


def test_the_new_version_of_an_agreement_holds_for_open_requests_only_if_a_lead_says_so(
    asked: list[ServiceRequest], it: Department, omar: User, lena: User
) -> None:
    version = published(it, MONDAY_10)
    actions.reply(asked[0], message="Hello", by=omar, at=MONDAY_10)
    assert ready(asked[0]).budget == hours(24)
    told = preview(new_version(version, MONDAY_NOON), MONDAY_NOON)
    assert (told.requests, told.earlier) == (3, 3)
    run = runs.begin(version, by=lena, at=MONDAY_NOON)
    assert run is not None
    finish(run)
    event = asked[0].events.get(kind="agreement_changed")
    assert (event.actor, event.data.version_id) == (lena, version.pk)
    clock = ready(asked[0])
    assert (clock.budget, clock.started_at, clock.due_at) == (hours(8), MONDAY_9, at(17, 9, 30))
    assert clock.agreement_version == version
    assert asked[0].clocks.get(metric=Metric.FIRST_RESPONSE).agreement_version.number == 1
    assert runs.begin(version, by=lena, at=TUESDAY_9) is None
    assert_borne_out(TUESDAY_9)


def test_what_has_used_more_than_a_new_version_promises_is_late_from_then_on(
    asked: list[ServiceRequest], it: Department, lena: User
) -> None:
    now = at(18, 10)
    version = published(it, now)
    told = preview(new_version(version, now), now)
    assert (told.earlier, told.late) == (3, 3)
    run = runs.begin(version, by=lena, at=now)
    assert run is not None
    assert finish(run, now).late == 3
    clock = ready(asked[0])
    assert (clock.breached_at, clock.cause) == (now, Cause.RETARGETED)
    breach = asked[0].events.filter(kind="breached").latest("pk")
    assert breach.data.cause == "retargeted"
    assert_borne_out(TUESDAY_9 + timedelta(days=3))


def test_a_version_that_is_not_in_force_is_not_applied(
    asked: list[ServiceRequest], it: Department
) -> None:
    coming = published(it, MONDAY_10, in_force_from=NEXT_MONDAY_9)
    with pytest.raises(NotInForce, match="not in force yet"):
        runs.begin(coming, by=None, at=MONDAY_NOON)
    gone = AgreementVersion.objects.get(number=1)
    with pytest.raises(NotInForce, match="no longer in force"):
        runs.begin(gone, by=None, at=NEXT_MONDAY_9)


def test_an_agreement_comes_in_the_place_of_the_standard_for_what_it_covers(
    asked: list[ServiceRequest],
    it: Department,
    finance: Department,
    laptop: Service,
    lena: User,
    kai: User,
) -> None:
    theirs = factories.make_service_request(laptop, by=kai, at=MONDAY_9)
    buyer = factories.make_agent(factories.make_team(finance), is_lead=True)
    standard = Conditions.of(agreements.standard_version(it.pk, MONDAY_9))
    short = {**standard.targets, (Metric.RESOLUTION, "P3"): hours(8)}
    agreement = factories.propose_agreement(
        it, finance, by=lena, at=MONDAY_10, name="For Finance", targets=short
    )
    drafting.accept(agreement, revision=1, by=buyer, at=MONDAY_10)
    version = agreement.versions.get()
    run = runs.begin(version, by=lena, at=MONDAY_NOON)
    assert run is not None
    assert (finish(run).done, run.earlier) == (3, 3)
    assert {ready(one).agreement_version for one in asked} == {version}
    assert ready(theirs).agreement_version.agreement.kind == "standard"
    assert_borne_out(TUESDAY_9)


# By command


def command(*given: str) -> str:
    """What it says."""
    out = StringIO()
    call_command("reapply", *given, stdout=out)
    return out.getvalue()


def test_the_command_previews_and_then_does_the_same(
    asked: list[ServiceRequest],
    office: Calendar,
    it: Department,
    lena: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_NOON)
    run = change(office, lena, hours=WHOLE_DAY)
    told = command("--calendar", str(office.pk), "--preview")
    assert "3 open requests go by an earlier version: 3 would be due earlier" in told
    assert f"{asked[0].reference} resolution: " in told
    assert Event.objects.filter(kind="calendar_changed").count() == 0
    assert "3 requests done: 3 due earlier" in command("--calendar", str(office.pk))
    assert "nothing to do" in command("--calendar", str(office.pk))
    run.refresh_from_db()
    assert run.is_finished
    version = published(it, MONDAY_10)
    assert "3 requests done: 3 due earlier" in command("--agreement", str(version.agreement_id))
    with pytest.raises(CommandError, match="There is none"):
        command("--calendar", "0")
