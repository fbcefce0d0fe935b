"""The table of moves: every deed from every status, by every role, refusals included."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from catalogue.models import Service
from people.models import Department, Team, User
from requests_app import actions, lifecycle
from requests_app.errors import NotAllowed, Refused
from requests_app.kinds import Via
from requests_app.lifecycle import DEEDS, Need, Role, StaleMove, Status, UnknownDeed
from requests_app.models import ServiceRequest
from tests.beforehand import beforehand
from tests.factories import (
    DETAILS,
    make_agent,
    make_person,
    make_service,
    make_service_request,
    make_team,
)
from tests.times import MONDAY_9, MONDAY_10, TUESDAY_9

S = Status
# What product.md says may follow what. "back" is the status that an approval interrupted.
ALLOWED: dict[Status, set[tuple[str, str]]] = {
    S.NEW: {
        ("take", "in_progress"), ("ask", "waiting_requester"), ("hold", "waiting_third_party"),
        ("ask_approval", "awaiting_approval"), ("resolve", "resolved"), ("cancel", "cancelled"),
        ("decline", "declined"),
    },
    S.AWAITING_APPROVAL: {
        ("approve", "back"), ("refuse", "back"), ("cancel", "cancelled"), ("decline", "declined"),
    },
    S.IN_PROGRESS: {
        ("release", "new"), ("ask", "waiting_requester"), ("hold", "waiting_third_party"),
        ("ask_approval", "awaiting_approval"), ("resolve", "resolved"), ("cancel", "cancelled"),
        ("decline", "declined"),
    },
    S.WAITING_REQUESTER: {
        ("answer", "in_progress"), ("resume", "in_progress"), ("resolve", "resolved"),
        ("cancel", "cancelled"), ("decline", "declined"),
    },
    S.WAITING_THIRD_PARTY: {
        ("resume", "in_progress"), ("resolve", "resolved"), ("cancel", "cancelled"),
        ("decline", "declined"),
    },
    S.RESOLVED: {("reopen", "in_progress"), ("confirm", "closed"), ("close", "closed")},
    S.CLOSED: set(),
    S.CANCELLED: set(),
    S.DECLINED: set(),
}  # fmt: skip


@pytest.mark.parametrize("status", list(Status))
def test_the_table_holds_exactly_the_moves_of_the_product(status: Status) -> None:
    moves = {
        (deed.name, str(deed.after or "back"))
        for deed in lifecycle.possible(status)
        if deed.after is not None or deed.name in {"approve", "refuse"}
    }
    assert moves == ALLOWED[status]


def test_transfer_is_possible_from_every_status_before_resolved() -> None:
    assert DEEDS["transfer"].before == lifecycle.OPEN_STATUSES


def test_nothing_but_a_note_can_happen_to_a_closed_request() -> None:
    for status in lifecycle.FINAL_STATUSES:
        assert [deed.name for deed in lifecycle.possible(status)] == ["note"]


def test_an_unknown_deed_is_named() -> None:
    with pytest.raises(UnknownDeed):
        lifecycle.step("new", "explode")


Stage = Callable[[ServiceRequest], ServiceRequest]


@pytest.fixture
@beforehand
def other_service() -> Service:
    return make_service()


@pytest.fixture
@beforehand
def laptop(it: Department, it_team: Team) -> Service:
    """With a question that only the provider answers."""
    asset = {"key": "asset", "kind": "short_text", "label": "Asset", "provider_only": True}
    return make_service(it, team=it_team, fields=[DETAILS, asset])


@pytest.fixture
@beforehand
def people(dana: User, omar: User, lena: User, kai: User) -> dict[str, User | None]:
    return {
        "requester": dana,
        "agent": omar,
        "lead": lena,
        "stranger": kai,
        "approver": make_person("Ada Approver"),
        "participant": make_person("Pia Participant"),
        "system": None,
    }


def brought_to(status: Status, laptop: Service, people: dict[str, User | None]) -> ServiceRequest:
    """A request of dana's, brought to the status by real deeds."""
    dana, omar, approver = (people[who] for who in ("requester", "agent", "approver"))
    assert people["participant"]
    request = make_service_request(laptop, by=dana)
    actions.share(request, user=people["participant"], by=dana, at=MONDAY_9)
    at = {"by": omar, "at": MONDAY_9}
    later = date(2026, 11, 30)
    path: dict[Status, list[tuple[str, dict[str, Any]]]] = {
        S.NEW: [],
        S.IN_PROGRESS: [("take", at)],
        S.AWAITING_APPROVAL: [("ask_approval", at | {"approver": approver})],
        S.WAITING_REQUESTER: [("ask", at | {"message": "Which?", "look_again_on": later})],
        S.WAITING_THIRD_PARTY: [
            ("hold", at | {"message": "Soon.", "third_party": "Acme", "look_again_on": later})
        ],
        S.RESOLVED: [("resolve", at | {"message": "Done."})],
        S.CLOSED: [
            ("resolve", at | {"message": "Done."}),
            ("confirm", {"by": dana, "at": MONDAY_9}),
        ],
        S.CANCELLED: [("cancel", {"by": dana, "at": MONDAY_9})],
        S.DECLINED: [("decline", at | {"message": "No."})],
    }
    for name, given in path[status]:
        request = actions.perform(request, name, via=Via.PAGE, **given)
    assert request.status == status
    return request


def given_for(name: str, request: ServiceRequest, people: dict[str, User | None]) -> dict[str, Any]:
    """What the deed needs, made up."""
    deed = DEEDS[name]
    given: dict[str, Any] = {}
    wants = deed.needs | deed.optional
    if Need.MESSAGE in wants:
        given["message"] = "A few words."
    if Need.LOOK_AGAIN in wants:
        given["look_again_on"] = date(2026, 11, 30)
    if Need.THIRD_PARTY in wants:
        given["third_party"] = "Acme"
    if Need.APPROVER in wants:
        given["approver"] = people["approver"]
    if Need.ASSIGNEE in wants:
        given["assignee"] = people["agent"]
    if Need.SERVICE in wants:
        given["service"] = make_service()
    if Need.REASON in wants:
        given["reason"] = "Because."
    if name == "prioritise":
        given |= {"impact": "wide", "urgency": request.urgency}
    if name == "share":
        given["user"] = make_person()
    if name == "unshare":
        given["user"] = request.participants.get().user
    if name == "annotate":
        given["answers"] = {"asset": "A-4711"}
    return given


@contextmanager
def undone_afterwards(what: str) -> Iterator[None]:
    """What is done inside leaves no trace: one request serves for many deeds; failures name it."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except BaseException as error:
        error.add_note(what)
        raise


@pytest.mark.django_db
@pytest.mark.parametrize("status", list(Status))
def test_each_deed_from_each_status_is_done_or_refused_by_the_table(
    status: Status, laptop: Service, people: dict[str, User | None]
) -> None:
    pk = brought_to(status, laptop, people).pk
    for name in sorted(DEEDS):
        with undone_afterwards(name):
            _done_or_refused(name, status, ServiceRequest.objects.get(pk=pk), people)


def _done_or_refused(
    name: str, status: Status, request: ServiceRequest, people: dict[str, User | None]
) -> None:
    deed = DEEDS[name]
    doer = {
        "approve": "approver", "refuse": "approver", "answer": "requester", "confirm": "requester",
        "cancel": "requester", "close": "system",
    }.get(name, "lead")  # fmt: skip
    by = people[doer]
    if status not in deed.before:
        before = request.events.count()
        # Who decides an approval is nobody once there is none to decide.
        with pytest.raises((StaleMove, NotAllowed)):
            actions.perform(
                request, name, by=by, at=MONDAY_10, via=Via.PAGE, **given_for(name, request, people)
            )
        request.refresh_from_db()
        assert request.status == status
        assert request.events.count() == before
        return
    interrupted = request.interrupted_status
    done = actions.perform(
        request, name, by=by, at=MONDAY_10, via=Via.PAGE, **given_for(name, request, people)
    )
    stored = ServiceRequest.objects.get(pk=request.pk)
    assert stored.events.filter(kind=deed.event, actor=by).exists()
    if deed.after is not None:
        assert done.status == stored.status == deed.after
    elif name in {"approve", "refuse"}:
        assert stored.status == interrupted


ROLE_OF = {
    "requester": Role.REQUESTER, "agent": Role.AGENT, "lead": Role.LEAD, "system": Role.SYSTEM,
    "participant": Role.PARTICIPANT, "approver": Role.APPROVER, "stranger": None,
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(DEEDS))
def test_each_deed_is_done_by_those_the_table_names_and_by_nobody_else(
    name: str, laptop: Service, people: dict[str, User | None]
) -> None:
    status = next(one for one in Status if one in DEEDS[name].before)
    pk = brought_to(status, laptop, people).pk
    for who in sorted(ROLE_OF):
        with undone_afterwards(who):
            _done_by_those_named(name, who, ServiceRequest.objects.get(pk=pk), people)


def _done_by_those_named(
    name: str, who: str, request: ServiceRequest, people: dict[str, User | None]
) -> None:
    deed = DEEDS[name]
    role = ROLE_OF[who]
    # a lead is an agent too; the approver is one only while there is something to decide
    allowed = role in deed.who or (role is Role.LEAD and Role.AGENT in deed.who)
    given = given_for(name, request, people)
    if allowed:
        actions.perform(request, name, by=people[who], at=MONDAY_10, via=Via.PAGE, **given)
    else:
        before = request.events.count()
        with pytest.raises(NotAllowed):
            actions.perform(request, name, by=people[who], at=MONDAY_10, via=Via.PAGE, **given)
        assert request.events.count() == before


@pytest.mark.django_db
def test_the_first_to_take_it_has_it_and_the_second_hears_so(
    laptop: Service, dana: User, omar: User, lena: User
) -> None:
    request = make_service_request(laptop, by=dana)
    actions.take(request, by=omar, at=MONDAY_10)
    with pytest.raises(StaleMove):
        actions.take(request, by=lena, at=MONDAY_10)
    request.refresh_from_db()
    assert request.assignee == omar


@pytest.mark.django_db
def test_who_answers_first_for_the_provider_takes_the_request(
    laptop: Service, dana: User, omar: User
) -> None:
    request = make_service_request(laptop, by=dana)
    done = actions.reply(request, message="Hello Dana, I look at it.", by=omar, at=MONDAY_10)
    assert done.status == S.IN_PROGRESS
    assert done.assignee == omar
    kinds = list(
        request.events.exclude(kind__in=["warned", "breached", "escalated"])
        .order_by("id")
        .values_list("kind", flat=True)
    )
    assert kinds == ["submitted", "taken", "replied"]


@pytest.mark.django_db
def test_the_requesters_reply_to_a_question_is_its_answer(
    laptop: Service, people: dict[str, User | None]
) -> None:
    request = brought_to(S.WAITING_REQUESTER, laptop, people)
    done = actions.reply(request, message="The grey one.", by=people["requester"], at=MONDAY_10)
    assert done.status == S.IN_PROGRESS
    assert done.look_again_on is None
    assert request.events.filter(kind="answered").exists()


@pytest.mark.django_db
def test_the_providers_own_reply_does_not_end_the_waiting(
    laptop: Service, people: dict[str, User | None]
) -> None:
    request = brought_to(S.WAITING_REQUESTER, laptop, people)
    done = actions.reply(request, message="No hurry.", by=people["agent"], at=MONDAY_10)
    assert done.status == S.WAITING_REQUESTER


@pytest.mark.django_db
def test_an_approval_goes_back_to_where_it_interrupted(
    laptop: Service, people: dict[str, User | None]
) -> None:
    request = brought_to(S.IN_PROGRESS, laptop, people)
    approver = people["approver"]
    assert approver
    actions.ask_approval(request, approver=approver, by=people["agent"], at=MONDAY_10)
    done = actions.decide(request, approved=True, by=approver, at=MONDAY_10)
    assert done.status == S.IN_PROGRESS
    assert done.approver is None


@pytest.mark.django_db
def test_what_was_restricted_stays_so_after_a_transfer(
    laptop: Service, people: dict[str, User | None], other_service: Service
) -> None:
    laptop.restricted = True
    laptop.save()
    request = brought_to(S.IN_PROGRESS, laptop, people)
    done = actions.transfer(
        request, service=other_service, reason="Yours.", by=people["lead"], at=MONDAY_10
    )
    assert done.restricted
    assert done.team == other_service.team
    assert done.assignee is None
    assert done.status == S.NEW


@pytest.mark.django_db
def test_within_a_team_a_transfer_keeps_who_works_on_it(
    laptop: Service, it_team: Team, people: dict[str, User | None]
) -> None:
    request = brought_to(S.IN_PROGRESS, laptop, people)
    sibling = make_service(laptop.department, team=it_team)
    done = actions.transfer(
        request, service=sibling, reason="Fits.", by=people["lead"], at=MONDAY_10
    )
    assert done.assignee == people["agent"]
    assert done.status == S.IN_PROGRESS


@pytest.mark.django_db
def test_a_restricted_request_is_assigned_to_its_team_only(
    laptop: Service, people: dict[str, User | None]
) -> None:
    laptop.restricted = True
    laptop.save()
    request = brought_to(S.NEW, laptop, people)
    outsider = make_agent(make_team(laptop.department))
    with pytest.raises(Refused, match="does not work"):
        actions.assign(request, assignee=outsider, by=people["lead"], at=TUESDAY_9)


@pytest.mark.django_db
def test_only_a_lead_changes_the_urgency(laptop: Service, people: dict[str, User | None]) -> None:
    request = make_service_request(laptop, by=people["requester"], key=uuid.uuid4())
    given: dict[str, Any] = {"impact": "team", "urgency": "soon", "reason": "The whole team."}
    with pytest.raises(Refused, match="lead"):
        actions.prioritise(request, by=people["agent"], at=MONDAY_10, **given)
    assert actions.prioritise(request, by=people["lead"], at=MONDAY_10, **given).priority == "P3"
