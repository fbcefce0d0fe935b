"""Why a promise was broken: who says it, what is kept of it, and when it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from catalogue.models import Service
from people.models import Department, User
from requests_app import access, actions
from requests_app.errors import NotAllowed, Refused
from requests_app.models import ServiceRequest
from requests_app.reporting import reporting
from slas import figures, reasons
from slas.models import BreachReason, Clock
from slas.sweep import sweep
from tests import factories
from tests.beforehand import beforehand
from tests.slas.alone import promises_alone
from tests.times import FRIDAY_9, MONDAY_10, NEXT_MONDAY_9, at, hours

FIRST = ("first_response", 1, 1)
READY = ("resolution", 1, 1)


@pytest.fixture
@beforehand
@promises_alone
def late(laptop: Service, dana: User, omar: User, lena: User) -> ServiceRequest:
    """Nobody answered from Monday to Friday: both promises are late."""
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    sweep(FRIDAY_9 + hours(8))
    return request


def _said(request: ServiceRequest) -> list[tuple[str, str]]:
    events = request.events.filter(kind="breach_explained").order_by("pk")
    return [(one.payload.get("before", ""), one.payload["reason"]) for one in events]


def test_who_answers_for_a_breach_says_why(late: ServiceRequest, omar: User) -> None:
    said = reasons.explain(
        late, FIRST, reason="supplier", note=" Out of stock. ", by=omar, at=NEXT_MONDAY_9
    )
    assert (said.reason, said.note, said.by_id) == ("supplier", "Out of stock.", omar.pk)
    event = late.events.get(kind="breach_explained")
    assert event.audience == "provider"
    assert "stock" not in str(event.payload)


def test_a_reason_is_changed_and_the_same_again_changes_nothing(
    late: ServiceRequest, omar: User, lena: User
) -> None:
    for by, reason in ((omar, "people"), (omar, "people"), (lena, "forgotten")):
        reasons.explain(late, READY, reason=reason, by=by, at=NEXT_MONDAY_9)
    assert _said(late) == [("", "people"), ("people", "forgotten")]
    assert BreachReason.objects.get().changed_at == NEXT_MONDAY_9


def test_what_was_said_stands_once_the_breachs_month_is_over(
    late: ServiceRequest, omar: User
) -> None:
    december = NEXT_MONDAY_9 + timedelta(days=14)
    reasons.explain(late, READY, reason="people", by=omar, at=december)
    with pytest.raises(Refused, match="stands"):
        reasons.explain(late, READY, reason="forgotten", by=omar, at=december)


def test_what_was_said_stands_once_the_request_is_over(
    late: ServiceRequest, dana: User, omar: User
) -> None:
    reasons.explain(late, READY, reason="people", by=omar, at=NEXT_MONDAY_9)
    actions.cancel(late, by=dana, at=NEXT_MONDAY_9)
    with pytest.raises(Refused, match="stands"):
        reasons.explain(late, READY, reason="forgotten", by=omar, at=NEXT_MONDAY_9)
    reasons.explain(late, FIRST, reason="forgotten", by=omar, at=NEXT_MONDAY_9)


def test_it_is_not_the_requesters_nor_a_strangers_to_say(
    late: ServiceRequest, dana: User, kai: User
) -> None:
    for person in (dana, kai):
        with pytest.raises(NotAllowed):
            reasons.explain(late, READY, reason="people", by=person, at=NEXT_MONDAY_9)


def test_after_a_transfer_each_department_explains_its_own_breaches(
    late: ServiceRequest, omar: User, kai: User
) -> None:
    service = factories.make_service(kai.department, team=kai.memberships.get().team)
    now = NEXT_MONDAY_9
    actions.transfer(late, service=service, reason="Theirs.", by=omar, at=now)
    with pytest.raises(NotAllowed):
        reasons.explain(late, READY, reason="people", by=kai, at=now)
    assert reasons.explain(late, READY, reason="people", by=omar, at=now).reason == "people"


@pytest.mark.parametrize(
    ("reason", "note", "field"), [("weather", "", "reason"), ("other", "x" * 1001, "note")]
)
def test_what_is_no_reason_is_refused(
    late: ServiceRequest, omar: User, reason: str, note: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        reasons.explain(late, READY, reason=reason, note=note, by=omar, at=NEXT_MONDAY_9)
    assert refused.value.field == field


def test_a_promise_that_was_kept_needs_no_reason(laptop: Service, dana: User, omar: User) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    with pytest.raises(Refused, match="not late"):
        reasons.explain(request, READY, reason="people", by=omar, at=MONDAY_10)


def test_only_what_is_not_yet_said_is_asked(
    late: ServiceRequest, omar: User, lena: User, dana: User
) -> None:
    clocks = list(Clock.objects.filter(service_request=late))
    reasons.explain(late, FIRST, reason="people", by=omar, at=NEXT_MONDAY_9)
    for person, expected in ((lena, ["resolution"]), (dana, [])):
        held = access.roles(person, late)
        assert [one.metric for one in reasons.unexplained(person, held, late, clocks)] == expected


# -- The figure ----------------------------------------------------------------------------------

NOVEMBER = at(1, 0), datetime(2026, 12, 1, tzinfo=UTC)


def _figure(it: Department, now: datetime = NEXT_MONDAY_9) -> dict[str, int]:
    when = reporting(now)
    return dict(figures.breach_reasons([it.pk], *NOVEMBER, when).counts)


def test_broken_promises_are_counted_by_reason_and_the_others_as_not_said(
    late: ServiceRequest, it: Department, omar: User
) -> None:
    assert _figure(it) == {"": 2}
    reasons.explain(late, READY, reason="people", by=omar, at=NEXT_MONDAY_9)
    assert _figure(it) == {"": 1, "people": 1}
    missed = [
        figures.attainment([it.pk], metric, *NOVEMBER).missed
        for metric in ("first_response", "resolution")
    ]
    assert sum(missed) == sum(_figure(it).values())


def test_a_past_month_can_only_fill_up(late: ServiceRequest, it: Department, omar: User) -> None:
    january = NEXT_MONDAY_9 + timedelta(days=60)
    reasons.explain(late, READY, reason="people", by=omar, at=january)
    assert _figure(it, january) == {"": 1, "people": 1}
    with pytest.raises(Refused):
        reasons.explain(late, READY, reason="other", by=omar, at=january)


def test_a_promise_that_fell_due_is_counted_before_any_sweep(
    laptop: Service, dana: User, it: Department
) -> None:
    factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    assert _figure(it, MONDAY_10 + timedelta(days=20)) == {"": 2}
    assert _figure(it, MONDAY_10) == {}


def test_the_list_behind_a_reason_holds_what_was_counted(
    late: ServiceRequest, it: Department, omar: User
) -> None:
    reasons.explain(late, READY, reason="people", by=omar, at=NEXT_MONDAY_9)
    when = reporting(NEXT_MONDAY_9)
    for reason, metrics in (("people", {"resolution"}), ("", {"first_response"}), ("other", set())):
        found = figures.broken_clocks([it.pk], *NOVEMBER, when, reason=reason)
        assert {one.metric for one in found} == metrics
