"""Every kind of event has its words, and only those who may read it do."""

from __future__ import annotations

import pytest

from feedback.invitations import advance
from people.models import User
from requests_app import actions
from requests_app.kinds import KINDS
from requests_app.models import Event, ServiceRequest
from servicedesk.conversation.timeline import conversation
from servicedesk.conversation.told import TELLINGS, Names, words
from tests.conversation.conftest import SignIn
from tests.times import MONDAY_10, MONDAY_NOON, hours

PAYLOADS: dict[str, dict[str, object]] = {
    "submitted": {
        "service_id": 1, "provider_id": 1, "client_id": 2, "team_id": 1, "impact": "me",
        "urgency": "now", "priority": "P3",
    },
    "taken": {"assignee_id": 1},
    "assigned": {"assignee_id": 1},
    "resumed": {"was": "waiting_requester"},
    "approval_asked": {"approver_id": 1, "interrupted": "new"},
    "approval_decided": {"approved": False, "back_to": "new"},
    "closed": {"confirmed": False},
    "transferred": {
        "from_provider_id": 1, "to_provider_id": 2, "from_service_id": 1, "to_service_id": 2,
        "team_id": 2,
    },
    "prioritised": {"impact": "me", "urgency": "now", "priority": "P3", "before": "P4"},
    "participant_added": {"user_id": 1},
    "participant_removed": {"user_id": 1},
    "annotated": {"questions": ["asset"]},
    "agreement_changed": {"version_id": 1},
    "nudged": {"number": 1},
    "warned": {"clock_id": 1, "metric": "resolution", "threshold": 75},
    "breached": {"clock_id": 1, "metric": "resolution"},
    "escalated": {
        "clock_id": 1, "metric": "resolution", "threshold": 125,
        "acts": ["tell_assignee", "tell_lead", "tell_manager", "raise_priority"],
    },
    "breach_explained": {"reason_id": 1, "metric": "resolution", "reason": "supplier"},
    "invited": {"invitation_id": 1, "rating_id": 1, "score": 1},
    "rated": {"rating_id": 1, "score": 4},
}  # fmt: skip


def test_every_kind_is_in_the_table() -> None:
    assert set(TELLINGS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"invited"}))
def test_every_kind_says_something_even_of_people_who_have_left(kind: str) -> None:
    event = Event(kind=kind, at=MONDAY_10, payload=PAYLOADS.get(kind, {}))
    said = words(event, Names())
    assert said
    assert "%(" not in said


def test_an_invitation_is_shown_to_nobody(asked: ServiceRequest, omar: User) -> None:
    actions.resolve(asked, message="Done", by=omar, at=MONDAY_10 + hours(1))
    advance(MONDAY_NOON)
    assert asked.events.filter(kind="invited").exists()
    shown = conversation(asked, provider=True)
    assert not any("invit" in getattr(item, "words", "") for item in shown.items)


def test_a_text_that_was_erased_says_so(asked: ServiceRequest, dana: User, sign_in: SignIn) -> None:
    actions.reply(asked, message="My secret", by=dana, at=MONDAY_10 + hours(1))
    asked.messages.update(text="")
    assert "This text was removed." in sign_in(dana).get(asked.get_absolute_url()).content.decode()
