"""Satisfaction in figures: what is said, with how much certainty, and what is not said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.models import Service
from feedback import blocks, figures, invitations
from feedback.actions import rate
from feedback.figures import csat, wilson
from feedback.reasons import Reason
from people.models import Department, User
from requests_app import actions
from requests_app.kinds import Via
from tests.factories import make_agent, make_person, make_service, make_service_request
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, TUESDAY_9, hours, minutes

WEEK = (MONDAY_9, MONDAY_9 + timedelta(days=7))


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(numbers: tuple[int, int]) -> None:
    successes, n = numbers
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n + 1e-12
    assert successes / n - 1e-12 <= high <= 1
    assert wilson(n - successes, n) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_has_no_interval(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(successes, n)


def asked(service: Service, agent: User, at: datetime = MONDAY_NOON) -> int:
    """Someone new asked, was served, and invited at that moment; the invitation's id."""
    request = make_service_request(
        service, by=make_person(department=agent.department), at=at - minutes(60), via=Via.SEED
    )
    actions.resolve(request, message="", by=agent, at=at - minutes(30), via=Via.SEED)
    invitations.advance(at, via=Via.SEED, service_request_ids=[request.pk])
    return request.invitations.get().pk


def answer(service: Service, agent: User, *scores: int, at: datetime = MONDAY_NOON) -> None:
    """So many people gave these scores at that moment."""
    for score in scores:
        rate(asked(service, agent, at), score=score, at=at, via=Via.SEED)


@pytest.mark.django_db
def test_satisfied_are_four_and_five(laptop: Service, omar: User, it: Department) -> None:
    answer(laptop, omar, 5, 4, 4, 3, 1)
    found = csat([it.pk], *WEEK)
    assert (found.n, found.satisfied, found.share) == (5, 3, 0.6)
    assert (found.wilson_low, found.wilson_high) == wilson(3, 5)


@pytest.mark.django_db
def test_four_answers_are_too_few_for_a_figure(laptop: Service, omar: User, it: Department) -> None:
    answer(laptop, omar, 5, 5, 5, 5)
    found = csat([it.pk], *WEEK)
    assert (found.n, found.share, found.wilson_low, found.wilson_high) == (4, None, None, None)
    assert not found.is_comparable


def test_from_thirty_answers_on_figures_may_be_compared() -> None:
    assert figures._csat(30, 20, 40, 30).is_comparable
    assert not figures._csat(29, 20, 40, 30).is_comparable


@pytest.mark.django_db
def test_the_response_rate_counts_what_was_answered_or_ran_out_in_the_period(
    laptop: Service, omar: User, it: Department
) -> None:
    answer(laptop, omar, 5, 4)
    asked(laptop, omar)
    late = asked(laptop, omar)
    rate(late, score=1, at=WEEK[1], via=Via.SEED)
    found = csat([it.pk], *WEEK)
    assert (found.n, found.invited, found.answered, found.response_rate) == (2, 2, 2, 1.0)
    ran_out = MONDAY_NOON + invitations.OPEN_FOR
    found = csat([it.pk], WEEK[1], ran_out + minutes(1))
    assert (found.n, found.invited, found.answered, found.response_rate) == (1, 2, 1, 0.5)
    assert csat([it.pk], WEEK[1], ran_out).invited == 1


@pytest.mark.django_db
def test_what_was_taken_back_was_not_delivered(
    laptop: Service, omar: User, dana: User, it: Department
) -> None:
    request = make_service_request(laptop, by=dana, at=MONDAY_9)
    actions.resolve(request, message="There.", by=omar, at=MONDAY_10)
    invitations.advance(MONDAY_NOON)
    actions.reopen(request, message="Not yet.", by=dana, at=MONDAY_NOON)
    found = csat([it.pk], *WEEK)
    assert (found.invited, found.response_rate) == (0, None)


@pytest.mark.django_db
def test_a_period_begins_with_its_start_and_ends_before_its_end(
    laptop: Service, omar: User, it: Department
) -> None:
    answer(laptop, omar, 5, at=MONDAY_NOON)
    answer(laptop, omar, 5, at=TUESDAY_9)
    released = MONDAY_NOON + hours(12)
    assert csat([it.pk], released, TUESDAY_9 + hours(12)).n == 1
    assert csat([it.pk], MONDAY_NOON, released).n == 0


@pytest.mark.django_db
def test_each_department_has_its_own_figure(
    laptop: Service, omar: User, kai: User, it: Department, hr: Department
) -> None:
    answer(laptop, omar, 5, 4, 1)
    other = make_service(hr)
    answer(other, kai, 2)
    assert csat([it.pk], *WEEK).n == 3
    assert csat([], *WEEK).n == 0
    assert csat(None, *WEEK).n == 4
    by_department = figures.csat_by_department(None, *WEEK)
    assert by_department == {it.pk: csat([it.pk], *WEEK), hr.pk: csat([hr.pk], *WEEK)}
    assert figures.csat_by_department([hr.pk], *WEEK) == {hr.pk: csat([hr.pk], *WEEK)}
    of_service = figures.csat_of_service(other.pk, *WEEK)
    assert (of_service.n, of_service.satisfied, of_service.response_rate) == (1, 0, None)


# -- Without a name ------------------------------------------------------------------------------


def unnamed(
    service: Service, agent: User, *scores: int, at: datetime = MONDAY_NOON, **given: Any
) -> None:
    """So many people gave these scores without their names, a minute apart."""
    for number, score in enumerate(scores):
        moment = at + minutes(number)
        invitation = asked(service, agent, moment)
        rate(invitation, score=score, unnamed=True, at=moment, via=Via.SEED, **given)


@pytest.mark.django_db
def test_answers_without_a_name_count_when_five_are_together(
    laptop: Service, omar: User, it: Department
) -> None:
    answer(laptop, omar, 5, 5, 5, 5, 5)
    unnamed(laptop, omar, 1, 1, 1, 1)
    blocks.gather(WEEK[1])
    assert csat([it.pk], *WEEK).n == 5
    unnamed(laptop, omar, 1, at=TUESDAY_9)
    blocks.gather(TUESDAY_9 + hours(12) - minutes(1))
    assert csat([it.pk], *WEEK).n == 5
    assert blocks.gather(TUESDAY_9 + hours(12)) == 5
    found = csat([it.pk], *WEEK)
    assert (found.n, found.satisfied) == (10, 5)
    assert csat([it.pk], MONDAY_9, TUESDAY_9 + hours(12)).n == 5, "all five at one moment"
    assert blocks.gather(WEEK[1]) == 0


@pytest.mark.django_db
def test_no_two_figures_differ_by_fewer_than_five_without_a_name(
    laptop: Service, omar: User, it: Department, hr: Department
) -> None:
    other, foreign = make_service(it, team=laptop.team), make_service(hr)
    kai = make_agent(foreign.team)
    answer(laptop, omar, 5, 5, 5, 5, 5)
    unnamed(laptop, omar, 1, 2, 1)
    unnamed(other, omar, 1, 2, 1, at=MONDAY_NOON + hours(1))
    unnamed(foreign, kai, 1, 1, at=MONDAY_NOON)
    blocks.gather(WEEK[1])
    assert csat([it.pk], *WEEK).n == 5 + 5
    assert csat(None, *WEEK).n == 5 + 5, "no block of two departments"
    assert figures.csat_of_service(laptop.pk, *WEEK).n == 5
    assert figures.csat_of_service(other.pk, *WEEK).n == 0
    assert figures.said(it.pk, *WEEK).csat.n == 10
    assert figures.said(it.pk, *WEEK, service_id=laptop.pk).csat.n == 5
    ends = [MONDAY_9 + hours(number / 4) for number in range(200)]
    told = {csat([it.pk], MONDAY_9, end).n for end in ends}
    assert told == {0, 5, 10}


@pytest.mark.django_db
def test_reasons_and_lost_time_are_counted_from_five_answers_on(
    laptop: Service, omar: User, it: Department
) -> None:
    unnamed(laptop, omar, 1, 2, 1, 2, reasons=["too_long"], lost_time="hours")
    blocks.gather(WEEK[1])
    found = figures.said(it.pk, *WEEK)
    assert (found.csat.share, found.reasons, found.lost_time) == (None, [], [])
    unnamed(laptop, omar, 3, reasons=["too_long", "unfriendly"], lost_time="day", at=TUESDAY_9)
    blocks.gather(WEEK[1])
    found = figures.said(it.pk, *WEEK)
    assert found.reasons == [(Reason.TOO_LONG, 5), (Reason.UNFRIENDLY, 1)]
    assert {band.value: n for band, n in found.lost_time if n} == {"hours": 4, "day": 1}


@pytest.mark.django_db
def test_what_is_said_takes_the_same_queries_however_much_it_is(
    laptop: Service, omar: User, it: Department, django_assert_num_queries: Any
) -> None:
    for _time in range(2):
        answer(laptop, omar, 5, 4, 3, 2, 1)
        with django_assert_num_queries(4):
            figures.said(it.pk, *WEEK)
