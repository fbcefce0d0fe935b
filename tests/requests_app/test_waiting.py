"""Waiting by time: reminders, the day to look again, the end without an answer; dated truly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from calendars.actions import create_default, publish_version
from catalogue.models import Service
from notices.models import MailLine, Notice
from people.models import User
from requests_app import actions, waiting
from requests_app.advance import advance
from requests_app.kinds import Via
from requests_app.lifecycle import DEEDS, WAITING_STATUSES, Status
from requests_app.models import Event, ServiceRequest
from slas.models import Clock
from tests.beforehand import beforehand
from tests.factories import make_department, make_person, make_service, make_service_request
from tests.times import (
    MONDAY_9,
    MONDAY_10,
    NEXT_MONDAY_9,
    THURSDAY_9,
    TUESDAY_9,
    at,
    hours,
    minutes,
)

pytestmark = pytest.mark.django_db

FIRST, SECOND, END = at(18, 11), at(20, 12), at(23, 12, 30)
"""Two, four and five working days (of 8 hours; the calendar opens 7.5 a day) after Monday at 10."""
FAR = date(2026, 12, 24)
A_WEEK_LATER = at(24, 9)


@pytest.fixture
@beforehand
def asked(laptop: Service, dana: User, omar: User) -> ServiceRequest:
    """Omar asked dana something on Monday at ten; to be looked at again only at Christmas."""
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    return actions.ask(request, message="Which one?", look_again_on=FAR, by=omar, at=MONDAY_10)


@pytest.fixture
@beforehand
def held(laptop: Service, dana: User, omar: User) -> ServiceRequest:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    return actions.hold(
        request,
        message="Ordered.",
        third_party="Northgate",
        look_again_on=THURSDAY_9.date(),
        by=omar,
        at=MONDAY_10,
    )


def story(request: ServiceRequest) -> list[tuple[str, datetime]]:
    """What happened from the first waiting on, findings of clocks left out."""
    events = request.events.exclude(
        kind__in=("warned", "breached", "escalated", "submitted", "taken")
    )
    return list(events.order_by("at", "pk").values_list("kind", "at"))


def told(request: ServiceRequest) -> list[tuple[str, str]]:
    lines = MailLine.objects.filter(mail__service_request=request, event__at__gt=MONDAY_10)
    lines = lines.exclude(kind__in=("warned", "breached"))
    return sorted(lines.values_list("recipient__name", "kind"))


def test_the_requester_is_reminded_twice_and_then_it_is_done(
    asked: ServiceRequest, dana: User
) -> None:
    assert asked.wakes_at == FIRST
    assert advance(FIRST - minutes(1)) == 0
    assert advance(FIRST) == 1
    assert advance(FIRST) == 0
    asked = ServiceRequest.objects.get(pk=asked.pk)
    assert asked.status == Status.WAITING_REQUESTER
    assert (asked.nudges, asked.wakes_at) == (1, SECOND)
    assert told(asked) == [(dana.name, "nudged")]

    assert advance(SECOND + hours(1)) == 1
    assert advance(END) == 1

    asked = ServiceRequest.objects.get(pk=asked.pk)
    assert story(asked) == [
        ("asked", MONDAY_10), ("nudged", FIRST), ("nudged", SECOND), ("resolved", END),
    ]  # fmt: skip
    assert asked.status == Status.RESOLVED
    assert (asked.resolved_at, asked.wakes_at) == (END, None)
    assert asked.nudges == 0
    resolved = asked.events.get(kind="resolved")
    assert resolved.actor is None
    assert "no answer" in asked.messages.get(pk=resolved.data.message_id, is_public=True).text
    assert told(asked) == [(dana.name, "nudged")] * 2 + [(dana.name, "unanswered")]


def test_a_worker_that_was_down_for_a_week_tells_only_the_last_of_it(
    asked: ServiceRequest, dana: User
) -> None:
    assert advance(A_WEEK_LATER) == 1
    assert story(asked) == [
        ("asked", MONDAY_10), ("nudged", FIRST), ("nudged", SECOND), ("resolved", END),
    ]  # fmt: skip
    assert told(asked) == [(dana.name, "unanswered")]
    bells = Notice.objects.filter(service_request=asked, user=dana, created_at__gt=MONDAY_10)
    assert [one.kind for one in bells] == ["unanswered"]


def test_of_two_reminders_at_once_the_last_is_told(asked: ServiceRequest, dana: User) -> None:
    advance(SECOND)
    assert story(asked)[1:] == [("nudged", FIRST), ("nudged", SECOND)]
    assert told(asked) == [(dana.name, "nudged")]
    assert asked.events.filter(kind="nudged", payload__overtaken=True).get().at == FIRST


def test_what_time_does_to_the_seeded_and_the_imported_is_silent(
    asked: ServiceRequest, laptop: Service, omar: User
) -> None:
    before = MailLine.objects.count()
    assert advance(A_WEEK_LATER, via=Via.SEED) == 1
    assert MailLine.objects.count() == before
    assert {one.via for one in asked.events.filter(at__gt=MONDAY_10)} == {"seed"}
    imported = make_service_request(laptop, via=Via.IMPORT, at=MONDAY_9)
    waits = actions.ask(
        imported, message="", look_again_on=None, by=omar, at=MONDAY_10, via=Via.IMPORT
    )
    assert waits.wakes_at is None, "what an import brings along waits in peace"


def test_a_request_that_ended_by_itself_is_reopened_as_any_other(
    asked: ServiceRequest, dana: User
) -> None:
    advance(END)
    reopened = actions.reopen(asked, message="I was away. The big one.", by=dana, at=at(24, 10))
    assert reopened.status == Status.IN_PROGRESS
    assert advance(at(30, 9)) == 0
    call_command("check_clocks")


def test_ending_by_itself_is_no_first_response(laptop: Service, lena: User) -> None:
    """Who asked works there and asks themselves: nobody of the provider has spoken."""
    request = make_service_request(laptop, by=lena, at=MONDAY_9)
    waits = actions.ask(request, message="Which?", look_again_on=FAR, by=lena, at=MONDAY_10)
    advance(waiting.coming(waits, waiting.calendar_of(waits, MONDAY_10))[-1].at)
    clocks = {
        one.metric: one.stopped_at for one in Clock.objects.filter(service_request=request, cycle=1)
    }
    assert clocks["first_response"] is None
    assert clocks["resolution"] == END


def test_clocks_stand_still_until_the_end_and_replay_alike(
    asked: ServiceRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    advance(A_WEEK_LATER)
    clock = Clock.objects.get(service_request=asked, metric="resolution")
    assert clock.stopped_at == END
    assert clock.breached_at is None
    call_command("check_clocks")
    assert "0 differences" in capsys.readouterr().out


# -- The day to look again -----------------------------------------------------------------------


def test_what_waits_for_someone_outside_goes_on_at_the_opening_of_its_day(
    held: ServiceRequest, omar: User
) -> None:
    assert held.wakes_at == THURSDAY_9
    assert advance(THURSDAY_9 - minutes(1)) == 0
    assert advance(A_WEEK_LATER) == 1
    held = ServiceRequest.objects.get(pk=held.pk)
    assert story(held)[1:] == [("resumed", THURSDAY_9)]
    assert held.status == Status.IN_PROGRESS
    assert (held.wakes_at, held.look_again_on) == (None, None)
    assert told(held) == [(omar.name, "goes_on")]
    call_command("check_clocks")


def test_a_day_to_look_again_on_which_nobody_works_is_the_next_that_opens(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    waits = actions.hold(
        request,
        message="Ordered.",
        third_party="Northgate",
        look_again_on=date(2026, 11, 21),
        by=omar,
        at=MONDAY_10,
    )
    assert waits.wakes_at == NEXT_MONDAY_9


def test_looking_again_today_means_in_two_working_hours(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    waits = actions.hold(
        request,
        message="They call back.",
        third_party="Northgate",
        look_again_on=MONDAY_10.date(),
        by=omar,
        at=MONDAY_10,
    )
    assert waits.wakes_at == MONDAY_10 + hours(2)


def test_while_an_answer_is_waited_for_the_day_is_told_and_the_waiting_goes_on(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    waits = actions.ask(
        request, message="Which?", look_again_on=TUESDAY_9.date(), by=omar, at=MONDAY_10
    )
    assert waits.wakes_at == TUESDAY_9
    advance(TUESDAY_9)
    waits.refresh_from_db()
    assert story(waits)[1:] == [("look_again", TUESDAY_9)]
    assert (waits.status, waits.wakes_at) == (Status.WAITING_REQUESTER, FIRST)
    assert told(waits) == [(omar.name, "day_came")]


# -- What keeps the moment ------------------------------------------------------------------------

WAYS_OUT: dict[str, Callable[[dict[str, User]], dict[str, Any]]] = {
    "answer": lambda _who: {"message": "The big one."},
    "resume": lambda _who: {},
    "resolve": lambda _who: {"message": "Done."},
    "cancel": lambda _who: {},
    "decline": lambda _who: {"message": "Sorry."},
}
BY = {"answer": "dana", "cancel": "dana"}


def _ways_out(status: Status) -> set[str]:
    return {
        deed.name
        for deed in DEEDS.values()
        if status in deed.before and deed.after is not None and deed.after not in WAITING_STATUSES
    }


@pytest.mark.parametrize("status", sorted(WAITING_STATUSES))
def test_every_way_out_of_waiting_is_known_here(status: Status) -> None:
    assert _ways_out(status) <= set(WAYS_OUT)


@pytest.mark.parametrize(
    ("status", "name"),
    [(status, name) for status in sorted(WAITING_STATUSES) for name in sorted(_ways_out(status))],
)
def test_every_way_out_of_waiting_forgets_the_moment(
    status: Status, name: str, asked: ServiceRequest, held: ServiceRequest, dana: User, omar: User
) -> None:
    request = asked if status == Status.WAITING_REQUESTER else held
    advance(FIRST)
    request.refresh_from_db()
    assert request.wakes_at is not None
    who = {"dana": dana, "omar": omar}
    by = who[BY.get(name, "omar")]
    given = WAYS_OUT[name](who)
    out = actions.perform(request, name, by=by, at=FIRST + hours(1), via=Via.PAGE, **given)
    assert (out.wakes_at, out.nudges, out.look_again_on) == (None, 0, None)
    advance(A_WEEK_LATER)
    assert not request.events.filter(kind__in=("nudged", "look_again"), at__gt=FIRST).exists()


def test_what_is_said_besides_does_not_end_the_waiting(
    asked: ServiceRequest, omar: User, lena: User
) -> None:
    actions.note(asked, message="On the phone today.", by=lena, at=TUESDAY_9)
    actions.assign(asked, assignee=lena, by=omar, at=TUESDAY_9)
    kept = actions.reply(asked, message="No hurry.", by=omar, at=TUESDAY_9)
    assert (kept.status, kept.wakes_at) == (Status.WAITING_REQUESTER, FIRST)


def test_a_second_question_counts_anew(asked: ServiceRequest, dana: User, omar: User) -> None:
    advance(FIRST)
    actions.answer(asked, message="The big one.", by=dana, at=THURSDAY_9)
    again = actions.ask(
        asked, message="In black?", look_again_on=FAR, by=omar, at=THURSDAY_9 + hours(1)
    )
    assert again.nudges == 0
    assert again.wakes_at == waiting.coming(again, waiting.calendar_of(again, THURSDAY_9))[0].at
    advance(at(30, 17))
    numbers = [one.data.number for one in asked.events.filter(kind="nudged")]
    assert numbers == [1, 1, 2]


def test_whoever_takes_over_waits_by_their_own_working_days(
    asked: ServiceRequest, omar: User
) -> None:
    early = make_department(name="Early", zone="Europe/Dublin")
    calendar = create_default(early, at=MONDAY_9)
    publish_version(
        calendar,
        zone="Europe/Dublin",
        hours={day: [("08:00", "16:00")] for day in range(7)},
        by=None,
        at=MONDAY_9,
    )
    handed = actions.transfer(
        asked, service=make_service(early), reason="Yours.", by=omar, at=TUESDAY_9
    )
    # Monday 10:00 to 16:00, eight hours on Tuesday, two on Wednesday
    assert handed.wakes_at == at(18, 10)
    late = actions.transfer(
        asked, service=make_service(early), reason="Mine.", by=None, at=at(21, 9), via=Via.SEED
    )
    assert late.wakes_at == at(21, 9), "what would have come before comes at once"
    advance(at(21, 10))
    assert [one.at for one in asked.events.filter(kind="nudged")] == [at(21, 9)] * 2


def test_hours_that_changed_meanwhile_are_gone_by(asked: ServiceRequest) -> None:
    calendar = asked.provider_department.calendars.get()
    hours_now = {3: [("09:00", "17:00")]}
    publish_version(calendar, zone="Europe/Dublin", hours=hours_now, by=None, at=TUESDAY_9)
    assert advance(FIRST) == 0
    asked.refresh_from_db()
    assert asked.wakes_at is not None
    assert asked.wakes_at > FIRST
    assert not asked.events.filter(kind="nudged").exists()


def test_one_request_that_fails_keeps_no_other_waiting(
    asked: ServiceRequest, held: ServiceRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("requests_app.actions.resume", broken)
    assert advance(FIRST + hours(30), batch=1) == 1
    assert asked.events.filter(kind="nudged").exists()
    held.refresh_from_db()
    assert held.status == Status.WAITING_THIRD_PARTY


def test_no_request_that_does_not_wait_has_a_moment(asked: ServiceRequest, held: Any) -> None:
    make_service_request(by=make_person())
    advance(timezone.now())
    strange = ServiceRequest.objects.exclude(status__in=WAITING_STATUSES)
    assert not strange.exclude(wakes_at=None).exists()
    assert Event.objects.filter(kind="nudged").exists()
