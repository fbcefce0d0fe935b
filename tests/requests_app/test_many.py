"""Many rows by one statement: what goes in comes out, whatever it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest

from catalogue.models import Service
from notices.models import OutboxMail, Purpose
from people.models import User
from requests_app import many
from requests_app.kinds import Audience, Via
from requests_app.models import Event
from slas.models import Clock
from tests import factories
from tests.times import MONDAY_9

pytestmark = pytest.mark.django_db

STRANGE = [
    "",
    "NULL",
    "null",
    " two  spaces ",
    'say "yes"',
    'back\\slash and \\" both',
    "{a,b},{c}",
    "line\none\ttab\r",
    "it's",
    "100 %s %(x)s",
    "żółć 日本 🙂",
]


@pytest.mark.parametrize("text", STRANGE)
def test_a_text_comes_out_as_it_went_in(text: str, dana: User) -> None:
    many.insert_new(OutboxMail, _mails(dana, error=[text, "other"]))
    assert OutboxMail.objects.order_by("id").values_list("error", flat=True)[0] == text


@pytest.mark.parametrize("value", [*STRANGE, None, 7, 1.5, True, ["a", None, {"b": '"\\'}]])
def test_what_json_can_hold_comes_out_as_it_went_in(
    value: Any, laptop: Service, dana: User
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    event = Event(service_request=request, kind="noted", at=MONDAY_9, via=Via.PAGE,
                  audience=Audience.PROVIDER, payload={"said": value, 'k"\\': 1})  # fmt: skip
    many.insert([event])
    assert Event.objects.get(pk=event.pk).payload == {"said": value, 'k"\\': 1}


def test_moments_keep_their_microseconds_and_nothing_stays_nothing(dana: User) -> None:
    west = datetime(2026, 3, 29, 1, 59, 59, 999_999, timezone(-timedelta(hours=3, minutes=30)))
    many.insert_new(OutboxMail, _mails(dana, lease_until=[None, west]))
    found = OutboxMail.objects.order_by("id").values_list("lease_until", flat=True)
    assert list(found) == [None, west.astimezone(UTC)]


@pytest.mark.parametrize(
    "length",
    [timedelta(microseconds=1), timedelta(days=400, seconds=5, microseconds=30), timedelta(1)],
)
def test_lengths_are_written_as_django_writes_them(
    length: timedelta, laptop: Service, dana: User
) -> None:
    factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    one, other = Clock.objects.order_by("id")[:2]
    one.budget = other.budget = length
    many.update([one], ["budget"])
    other.save(update_fields=["budget"])
    rows = list(Clock.objects.order_by("id").extra(select={"raw": "budget::text"})[:2])
    assert [row.budget for row in rows] == [length, length]
    assert rows[0].raw == rows[1].raw


def test_a_new_row_is_what_the_model_would_have_made(
    laptop: Service, dana: User, django_assert_num_queries: Any
) -> None:
    request = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    said = {"kind": "noted", "at": MONDAY_9, "via": Via.PAGE, "audience": Audience.PROVIDER,
            "payload": {}, "key": None}  # fmt: skip
    made = Event(service_request=request, actor=None, **said)
    new = many.new(
        Event,
        {"service_request_id": request.pk, "actor_id": None, **said},
        {"service_request": request, "actor": None},
    )
    assert _columns(new) == _columns(made)
    assert new._state.adding
    with django_assert_num_queries(0):
        assert new.service_request is request
        assert new.actor is None
    new.save()
    assert Event.objects.get(pk=new.pk).recorded_at is not None


def _columns(row: Event) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.__dict__.items()
        if name not in ("_state", "recorded_at")  # one for all, and one for each: the database's
    }


def _mails(to: User, **columns: list[Any]) -> dict[str, list[Any]]:
    """The columns of two mails that nobody takes for one."""
    plain: dict[str, list[Any]] = {
        "recipient_id": [to.pk, to.pk],
        "service_request_id": [None, None],
        "purpose": [str(Purpose.LATE)] * 2,
        "uuid": [uuid4(), uuid4()],
        "created_at": [MONDAY_9, MONDAY_9],
        "not_before": [MONDAY_9, MONDAY_9],
        "attempts": [1, 1],
        "error": ["", ""],
    }
    return plain | columns
