"""What stands in the desk when the browser comes: a full department, an empty one, every state."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from feedback import actions as feedback_actions
from feedback import invitations
from feedback.models import Invitation
from people.models import Management, User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.models import ServiceRequest
from slas import sweep
from tests import factories
from tests.processes.company import Company, make_company
from tests.processes.person import PASSWORD

LONG = (
    "Moving the quarterly harbour lease reconciliation for the Lisbon and Kraków offices to the "
    "new ledger, with Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen in one word"
)
PROSE = """We tried **three** things:

1. Signing out and in again
2. The other door
3. https://intranet.example/a/very/long/address/that/nobody/would/ever/want/to/read?and=a&query=1

> It said “no”.

`error 0x80070005`
"""
QUESTIONS: list[dict[str, Any]] = [
    {
        "key": "title",
        "kind": "short_text",
        "label": "In one line",
        "help": "Ten words will do.",
        "required": True,
    },
    {"key": "details", "kind": "long_text", "label": "What is it about?"},
    {"key": "amount", "kind": "number", "label": "How many?"},
    {"key": "day", "kind": "date", "label": "By when?"},
    {
        "key": "where",
        "kind": "choice",
        "label": "Where?",
        "choices": ["Dublin", "Lisbon", "Kraków"],
    },
    {
        "key": "doors",
        "kind": "choices",
        "label": "Which doors?",
        "choices": ["Front", "Back", "Garage"],
    },
    {"key": "guest", "kind": "yes_no", "label": "Is it for a guest?"},
    {"key": "person", "kind": "person", "label": "Who gets it?"},
    {"key": "unit", "kind": "department", "label": "Which department?"},
]


@dataclass(slots=True)
class World:
    """The full department with its people, an empty one, and addresses of requests by what they
    are like."""

    full: Company
    empty: Company
    manager: User
    administrator: User
    nobody: User
    long_service: str
    like: dict[str, str]
    rate: str
    settled: str


def make_world() -> World:
    """About seventy requests, by the desk's own deeds; what was long ago is silent."""
    factories.make_organisation()
    now = timezone.now()
    full, empty = make_company("Facilities and the keeping of all buildings"), make_company("Legal")
    long_service = factories.make_service(
        full.provider,
        name="Everything that has to do with keys, badges and doors of every building",
        slug="keys",
        summary="One promise in plain words, which takes a little longer to say than it should.",
        description=PROSE,
        fields=QUESTIONS,
        subject_field="title",
    )
    like = _requests(full, now)
    rate, settled = _ratings(full, now)
    manager = factories.make_person(
        "Mira Costa", department=full.dana.department, email="mira@desk.example", password=PASSWORD
    )
    Management.objects.create(user=manager, department=None)
    administrator = factories.make_person(
        "Alma Reis", department=full.dana.department, email="alma@desk.example",
        password=PASSWORD, is_administrator=True,
    )  # fmt: skip
    nobody = factories.make_person(
        "Nuno Alves", department=full.dana.department, email="nuno@desk.example", password=PASSWORD
    )
    sweep.sweep(timezone.now())
    return World(
        full, empty, manager, administrator, nobody,
        f"/services/{full.provider.slug}/{long_service.slug}/", like, rate, settled,
    )  # fmt: skip


def _requests(full: Company, now: datetime) -> dict[str, str]:
    """One of each sort, and enough to fill more than a page of the queue."""
    ago = (now - timedelta(minutes=n) for n in itertools.count(180, -1))
    by: dict[str, Any] = {"via": Via.PAGE}

    def asked(subject: str = LONG) -> ServiceRequest:
        return factories.make_service_request(
            full.service, by=full.dana, at=next(ago), subject=subject, answers={"details": PROSE}
        )

    like = {"new": asked("Nobody has seen this yet")}
    taken = like["taken"] = actions.take(asked(), by=full.omar, at=next(ago), **by)
    for n in range(3):
        actions.reply(taken, by=full.omar, at=next(ago), message=f"{PROSE}\n\n{LONG * 3} {n}", **by)
        actions.note(taken, by=full.lena, at=next(ago), message=PROSE, **by)
        actions.reply(taken, by=full.dana, at=next(ago), message="Thank you.", **by)
    day = (now + timedelta(days=3)).date()
    like["question"] = actions.ask(
        actions.take(asked(), by=full.omar, at=next(ago), **by),
        by=full.omar, at=next(ago), message="Which door is it?", look_again_on=day, **by,
    )  # fmt: skip
    like["held"] = actions.hold(
        actions.take(asked(), by=full.omar, at=next(ago), **by),
        by=full.omar, at=next(ago), message="The locksmith comes on Monday.",
        third_party="Locksmiths of the Harbour", look_again_on=day, **by,
    )  # fmt: skip
    like["approval"] = actions.ask_approval(
        asked(), by=full.omar, at=next(ago), approver=full.lena, message="It costs 400 €.", **by
    )
    like["resolved"] = actions.resolve(
        actions.take(asked(), by=full.omar, at=next(ago), **by),
        by=full.omar, at=next(ago), message="Done.", **by,
    )  # fmt: skip
    like["closed"] = actions.confirm(
        actions.resolve(asked(), by=full.omar, at=next(ago), message="Done.", **by),
        by=full.dana, at=next(ago), **by,
    )  # fmt: skip
    like["cancelled"] = actions.cancel(asked(), by=full.dana, at=next(ago), message="", **by)
    like["declined"] = actions.decline(
        asked(), by=full.omar, at=next(ago), message="We have no keys to that.", **by
    )
    for number in range(60):
        one = factories.make_service_request(
            full.service, by=full.dana, at=now - timedelta(seconds=40 + number),
            subject=f"{LONG} {number}", answers={"details": LONG},
            urgency=("now", "soon", "planned")[number % 3],
            impact=("wide", "team", "me")[number % 3],
        )  # fmt: skip
        if number % 4 == 0:
            actions.take(one, by=full.lena, at=now, **by)
    return {name: f"/requests/{one.reference}/" for name, one in like.items()}


def _ratings(full: Company, now: datetime) -> tuple[str, str]:
    """A link to be answered, and one that was; a third person was dissatisfied."""
    found = []
    for number in range(3):
        someone = factories.make_person(f"Ada Keane {number}", department=full.dana.department)
        one = factories.make_service_request(full.service, by=someone, at=now - timedelta(hours=2))
        actions.resolve(one, by=full.omar, at=now - timedelta(hours=1), message="Done.")
        invitations.advance(now, service_request_ids=[one.pk])
        found.append(Invitation.objects.get(service_request=one))
    feedback_actions.rate(found[1].pk, score=5, comment=LONG, at=now, via=Via.PAGE)
    feedback_actions.rate(found[2].pk, score=1, comment=LONG, at=now, via=Via.PAGE)
    first, second = (f"/rate/{invitations.token(one)}/" for one in found[:2])
    return first, second
