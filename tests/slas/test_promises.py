"""What pages show of promises."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from catalogue.models import Service
from people.models import User
from requests_app import actions
from requests_app.models import ServiceRequest
from servicedesk import wording as desk_wording
from slas import promises, sweep, wording
from slas.promises import Face, PromiseChip
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
    minutes,
)

pytestmark = pytest.mark.django_db
LATER = at(30, 9).date()


@pytest.fixture
@beforehand
@promises_alone
def asked(laptop: Service, dana: User) -> ServiceRequest:
    """A P3 of Monday, nine o'clock."""
    return factories.make_service_request(laptop, by=dana, at=MONDAY_9)


def chip(request: ServiceRequest, now: object, face: Face = "provider") -> PromiseChip:
    """The one chip of the request."""
    return promises.chips([request], now, face=face)[request.pk]  # type: ignore[arg-type]


def test_on_track_says_what_is_left_and_when_it_is_due(asked: ServiceRequest) -> None:
    shown = chip(asked, at(16, 9, 50))
    assert (shown.state, shown.words, shown.percent) == ("on-track", "3 h 10 min left", 20)
    assert shown.title == "Due today, 14:00"
    assert shown.story == "First answer within 4 h, Dublin hours."
    assert (shown.left_seconds, shown.budget_seconds, shown.warn_percent) == (11400, 14400, 75)


def test_what_is_due_on_another_day_says_when_and_not_the_minutes_in_which_someone_works(
    laptop: Service, dana: User
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=at(16, 15, 30))
    assert chip(request, at(16, 17, 10)).words == "due tomorrow, 11:00"
    assert chip(request, at(16, 23)).words == "due tomorrow, 11:00"
    assert chip(request, at(17, 8)).words == "2 h left"
    assert chip(request, at(17, 10)).words == "1 h left"


def test_what_has_more_than_a_working_day_says_how_much(
    laptop: Service, dana: User, omar: User
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9, urgency="planned")
    actions.reply(request, message="Soon.", by=omar, at=MONDAY_10)
    assert chip(request, at(17, 18)).words == "3 days 1 h left"


def test_at_risk_from_the_first_threshold_on_swept_or_not(asked: ServiceRequest) -> None:
    assert chip(asked, MONDAY_NOON - minutes(1)).state == "on-track"
    assert chip(asked, MONDAY_NOON).state == "at-risk"
    sweep.sweep(MONDAY_NOON)
    assert chip(asked, MONDAY_NOON).state == "at-risk"


def test_late_is_said_in_working_time_swept_or_not(asked: ServiceRequest) -> None:
    shown = chip(asked, at(17, 10, 42))
    assert (shown.state, shown.words) == ("late", "late by 5 h 12 min")
    assert (shown.title, shown.left_seconds) == ("Was due yesterday, 14:00", -18720)
    sweep.sweep(at(17, 10, 42))
    assert chip(asked, at(17, 10, 42)) == shown


def test_late_by_no_working_time_is_just_late(laptop: Service, dana: User) -> None:
    request = factories.make_service_request(laptop, by=dana, at=at(16, 13, 30))
    assert chip(request, at(16, 17, 30)).words == "under a minute left"
    assert chip(request, at(16, 20)).words == "late"
    assert chip(request, at(17, 9, 5)).words == "late by 5 min"


def test_at_the_due_time_itself_it_is_not_late(asked: ServiceRequest) -> None:
    assert chip(asked, at(16, 14)).words == "under a minute left"


def test_paused_says_what_is_left_and_why(asked: ServiceRequest, omar: User) -> None:
    request = actions.ask(asked, message="Which?", look_again_on=LATER, by=omar, at=MONDAY_10)
    shown = chip(request, TUESDAY_9)
    assert (shown.state, shown.words, shown.due_at) == ("paused", "paused, 2 days 7 h left", None)
    assert shown.title == "Waiting for the requester since yesterday"
    assert "Look again Mon 30 Nov." in shown.story


def test_a_late_promise_that_waits_is_still_late(asked: ServiceRequest, omar: User) -> None:
    request = actions.hold(
        asked, message="Ordered.", third_party="Northgate", look_again_on=LATER, by=omar,
        at=NEXT_MONDAY_9,
    )  # fmt: skip
    assert chip(request, NEXT_MONDAY_9).state == "late"


def test_met_and_missed_tell_by_how_much(
    asked: ServiceRequest, laptop: Service, dana: User, omar: User
) -> None:
    done = actions.resolve(asked, message="Done.", by=omar, at=MONDAY_NOON)
    shown = chip(done, TUESDAY_9)
    assert (shown.state, shown.words, shown.percent) == ("met", "met", 100)
    assert chip(done, TUESDAY_9, face="requester").words == "in time"
    assert shown.title == "Ready yesterday, 12:00"
    assert "That was 2 days 5 h before it was due." in shown.story
    late = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    late = actions.resolve(late, message="Done.", by=omar, at=NEXT_MONDAY_9)
    shown = chip(late, NEXT_MONDAY_9)
    assert (shown.state, shown.words) == ("missed", "was late by 1 day 5 h")


def test_a_cancelled_request_promises_nothing(asked: ServiceRequest, dana: User) -> None:
    request = actions.cancel(asked, by=dana, at=MONDAY_10)
    assert chip(request, TUESDAY_9) == promises.NO_PROMISE


def test_a_request_without_clocks_promises_nothing(asked: ServiceRequest) -> None:
    asked.clocks.all().delete()
    assert chip(asked, MONDAY_9).state == "none"


def test_the_requester_reads_when_it_will_be_ready(asked: ServiceRequest) -> None:
    shown = chip(asked, MONDAY_10, "requester")
    assert (shown.words, shown.title) == ("due Thu 19 Nov, 10:30", "Ready by Thu 19 Nov, 10:30")
    assert chip(asked, at(19, 9), "requester").words == "due today, 10:30"
    assert chip(asked, at(18, 9), "requester").words == "due tomorrow, 10:30"


def test_the_requester_reads_that_the_clock_waits_for_an_answer(
    asked: ServiceRequest, omar: User
) -> None:
    request = actions.ask(asked, message="Which?", look_again_on=LATER, by=omar, at=MONDAY_10)
    shown = chip(request, MONDAY_10, "requester")
    assert shown.title == "The clock stands still"
    assert shown.story.startswith("It goes on as soon as you answer.")
    assert "Look again" not in shown.story


def test_the_story_tells_how_long_the_clock_stood_still(
    asked: ServiceRequest, dana: User, omar: User
) -> None:
    request = actions.ask(asked, message="Which?", look_again_on=LATER, by=omar, at=MONDAY_10)
    request = actions.answer(request, message="That.", by=dana, at=at(16, 14, 40))
    request = actions.reply(request, message="Good.", by=omar, at=at(16, 14, 50))
    line = next(
        one for one in promises.promise_lines(request, at(16, 15)) if one.metric == "resolution"
    )
    assert line.chip.story.endswith("The clock stood still for 3 h 40 min.")


def test_moments_are_in_the_readers_zone_which_is_named_where_it_is_another(
    asked: ServiceRequest,
) -> None:
    with timezone.override(ZoneInfo("Europe/Dublin")):
        assert chip(asked, MONDAY_10).title == "Due today, 14:00"
    with timezone.override(ZoneInfo("Europe/Warsaw")):
        assert chip(asked, MONDAY_10).title == "Due today, 15:00 CET"


def test_a_list_has_no_room_for_the_zones_name(laptop: Service, dana: User) -> None:
    request = factories.make_service_request(laptop, by=dana, at=at(16, 15, 30))
    with timezone.override(ZoneInfo("Europe/Warsaw")):
        shown = chip(request, at(16, 17, 10))
    assert (shown.words, shown.title) == ("due tomorrow, 12:00", "Due tomorrow, 12:00 CET")


def test_a_page_of_chips_takes_one_query(
    laptop: Service, dana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    requests = [factories.make_service_request(laptop, by=dana, at=MONDAY_9) for _ in range(30)]
    for page in (requests[:1], requests):
        for face in ("provider", "requester"):
            with django_assert_num_queries(1):
                assert len(promises.chips(page, MONDAY_10, face=face)) == len(page)


def test_the_request_page_lists_its_promises(
    asked: ServiceRequest, omar: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = factories.make_service(factories.make_department("FAC"))
    request = actions.reply(asked, message="Hm.", by=omar, at=MONDAY_9)
    request = actions.transfer(request, service=other, reason="Yours.", by=omar, at=MONDAY_10)
    with django_assert_num_queries(1):
        lines = promises.promise_lines(request, MONDAY_NOON)
    assert [(line.label, line.chip.state) for line in lines] == [
        ("First answer", "met"), ("News", "on-track"), ("Ready", "on-track"),
        ("With us", "on-track"),
    ]  # fmt: skip
    assert lines[2].clock.metric == "resolution"
    assert [one.label for one in promises.promise_lines(request, MONDAY_NOON, "requester")] == [
        "First answer", "News", "Ready",
    ]  # fmt: skip


def test_the_page_knows_the_open_hours_of_its_calendars(asked: ServiceRequest) -> None:
    pk = chip(asked, MONDAY_9).calendar_id
    known = promises.open_intervals([pk, None], MONDAY_10)
    assert list(known) == [pk]
    first, *_, last = known[pk or 0]
    assert first == [int(MONDAY_10.timestamp() * 1000), int(at(16, 12, 30).timestamp() * 1000)]
    assert last[1] <= (MONDAY_10 + timedelta(days=14)).timestamp() * 1000


def test_what_a_service_would_promise_is_what_it_then_promises(laptop: Service, dana: User) -> None:
    said = promises.offer(laptop, dana.department_id, MONDAY_9).promised("P3")
    assert (said.first_response, said.resolution) == (hours(4), hours(24))
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    due = {clock.metric: clock.due_at for clock in request.clocks.all()}
    assert due == {"first_response": said.first_response_due, "resolution": said.resolution_due}
    assert said.zone == "Europe/Dublin"


def test_at_risk_finds_what_is_near_or_past_its_time_and_open(
    laptop: Service, dana: User, omar: User
) -> None:
    def found(now: object) -> set[int]:
        rows = promises.at_risk(ServiceRequest.objects.all(), now)  # type: ignore[arg-type]
        return set(rows.values_list("pk", flat=True))

    near, answered, waiting, late, done = (
        factories.make_service_request(laptop, by=dana, at=MONDAY_9) for _ in range(5)
    )
    actions.reply(answered, message="Hm.", by=omar, at=MONDAY_9)
    actions.ask(waiting, message="Which?", look_again_on=LATER, by=omar, at=MONDAY_9)
    actions.resolve(done, message="Done.", by=omar, at=MONDAY_9)
    assert found(MONDAY_NOON - minutes(1)) == set()
    assert found(MONDAY_NOON) == {near.pk, late.pk}
    sweep.sweep(TUESDAY_9)
    actions.resolve(near, message="Done.", by=omar, at=TUESDAY_9)
    assert found(TUESDAY_9) == {late.pk}


@pytest.mark.parametrize(
    "seconds", [0, 59, 60, 3599, 3600, 8999, 28799, 28800, 90000, 144000, 400000]
)
def test_lengths_of_time_are_worded_as_the_desk_words_them(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert wording.duration(length) == desk_wording.duration(length)


def test_moments_are_worded_as_the_desk_words_them() -> None:
    for days in (-400, -2, -1, 0, 1, 2, 60):
        then = MONDAY_9 + timedelta(days=days)
        for inside in (False, True):
            assert wording.moment(then, MONDAY_9, inside=inside) == desk_wording.moment(
                then, MONDAY_9, inside=inside
            )


@pytest.mark.parametrize(
    ("length", "words"),
    [(minutes(30), "30 min"), (hours(4), "4 h"), (hours(8), "1 working day"),
     (hours(24), "3 working days"), (hours(10), "1 day 2 h")],
)  # fmt: skip
def test_a_budget_is_said_in_working_days(length: timedelta, words: str) -> None:
    assert wording.budget(length) == words
