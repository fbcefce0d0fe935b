"""What was made of it afterwards: of those who were dissatisfied, and of what was late."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from feedback import recovery
from feedback.models import RecoveryTask
from feedback.reasons import Outcome
from people.models import Membership, User
from requests_app.access import seen_as_provider
from requests_app.errors import NotAllowed
from requests_app.kinds import Via
from requests_app.models import Event, ServiceRequest
from servicedesk.demo.lateness import Late, why
from slas import reasons, terms
from slas.models import Clock

SPOKEN_AFTER = timedelta(hours=22)
LEFT_OPEN = timedelta(days=4)
_NOTES = (
    (Outcome.SPOKE, "Called; the wait was the worst of it. Agreed to write sooner next time."),
    (Outcome.PUT_RIGHT, "Went there with them and finished it the same afternoon."),
    (Outcome.EXPLAINED, "They had not seen our second message. It works now."),
    (Outcome.SPOKE, "Coffee. A fair point about having to tell it to three of us."),
    (Outcome.NOT_REACHED, "Tried twice; on leave until next month."),
    (Outcome.PUT_RIGHT, ""),
)


def look_after(now: datetime) -> int:
    """Let leads have looked after those who were dissatisfied, but for the newest and a few more.

    Which ones, and what came of it, follows from the story alone; how many were looked after.
    """
    rows = (
        RecoveryTask.objects.open()
        .filter(opened_at__lt=now - LEFT_OPEN)
        .exclude(rating__invitation__service_request__source_case="")
        .select_related("rating__invitation__service_request")
        .order_by("opened_at", "pk")
    )
    done = 0
    leads: dict[tuple[int, int], User | None] = {}
    for task in rows:
        asked = task.rating.invitation
        number = int(asked.service_request.source_case or 0)
        place = (asked.team_id, asked.service_request_id if asked.service_request.restricted else 0)
        if place not in leads:
            leads[place] = _lead(task)
        lead = leads[place]
        if lead is None or number % 9 == 0:
            continue
        outcome, note = _NOTES[number % len(_NOTES)]
        at = min(task.opened_at + SPOKEN_AFTER, now)
        recovery.settle(task.pk, outcome=outcome, note=note, by=lead, at=at)
        done += 1
    return done


def _lead(task: RecoveryTask) -> User | None:
    """A lead of the department who sees the request; of the team that served, if it has one."""
    team_id = task.rating.invitation.team_id
    memberships = Membership.objects.filter(
        team__department=task.department_id, is_lead=True, user__is_active=True
    ).select_related("user")
    for one in sorted(memberships, key=lambda one: (one.team_id != team_id, one.user_id)):
        if seen_as_provider(one.user).filter(pk=task.rating.invitation.service_request_id).exists():
            return one.user
    return None


_TELLING = ("transferred", "held", "asked")
_SAID_WITHIN = (timedelta(minutes=20), timedelta(hours=9))
"""Of working time, after it was ready or, if it is not, after it was due."""


@dataclass(frozen=True, slots=True)
class Share:
    """One of several parts of the stories, for a process to look at: by their numbers."""

    part: int
    parts: int

    def holds(self, source_case: str) -> bool:
        """Whether the story of that number is in it."""
        return int(source_case) % self.parts == self.part


ALL_OF_IT = Share(0, 1)


def explain(now: datetime, share: Share = ALL_OF_IT) -> int:
    """Let those who work there have said why promises were late, but for one in seven.

    Which ones, and what they say, follows from the story alone; how many were explained.
    """
    rows = (
        Clock.objects.promises()
        .filter(breached_at__isnull=False)
        .exclude(service_request__source_case="")
        .select_related("department", "service_request__assignee")
        .select_related("service_request__service", "service_request__client_department")
        .order_by("service_request__submitted_at", "service_request", "metric", "cycle", "sequence")
    )
    late = [one for one in rows if share.holds(one.service_request.source_case)]
    happened = _happened({one.service_request_id for one in late})
    staff = _Staff({one.department_id for one in late})
    return sum(
        _explained(one, happened.get(one.service_request_id, set()), staff, now) for one in late
    )


def _explained(clock: Clock, happened: set[str], staff: _Staff, now: datetime) -> bool:
    about = clock.service_request
    key = clock.metric, clock.cycle, clock.sequence
    rng = random.Random(f"{about.source_case} {key}")  # noqa: S311  # nosec B311
    at = _said_at(clock, rng)
    if rng.random() < 1 / 7 or at > now:
        return False
    reason, note = why(
        rng,
        Late(
            clock.department.slug,
            about.service.slug,
            about.client_department.slug,
            timezone.localdate(about.submitted_at),
            happened,
        ),
    )
    for one in staff.who_may_say(about, clock.department_id):
        with contextlib.suppress(NotAllowed):
            reasons.explain(about, key, reason=reason, note=note, by=one, at=at, via=Via.SEED)
            return True
    return False


def _said_at(clock: Clock, rng: random.Random) -> datetime:
    ended = clock.stopped_at or clock.voided_at or clock.breached_at
    assert ended is not None
    assert clock.breached_at is not None
    first, last = _SAID_WITHIN
    calendar = terms.get((clock.agreement_version_id, clock.calendar_version_id)).calendar
    return calendar.due(max(ended, clock.breached_at), first + (last - first) * rng.random())


def _happened(ids: Iterable[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = Event.objects.filter(service_request__in=ids, kind__in=_TELLING)
    for pk, kind in rows.values_list("service_request", "kind"):
        found.setdefault(pk, set()).add(kind)
    return found


class _Staff:
    """Who works in some departments, each person once: their standing is kept on them."""

    def __init__(self, department_ids: Iterable[int]) -> None:
        self._people: dict[tuple[int, int], User] = {}
        self._leads: dict[int, list[User]] = {}
        rows = Membership.objects.filter(team__department__in=department_ids, user__is_active=True)
        known: dict[int, User] = {}
        for one in rows.select_related("user", "team").order_by("user__email", "pk"):
            person = known.setdefault(one.user_id, one.user)
            department_id = one.team.department_id
            self._people[department_id, person.pk] = person
            leads = self._leads.setdefault(department_id, [])
            if one.is_lead and person not in leads:
                leads.append(person)

    def who_may_say(self, about: ServiceRequest, department_id: int) -> Iterator[User]:
        """Who works on it, if it is with their department; then its leads."""
        assignee = self._people.get((department_id, about.assignee_id or 0))
        if assignee is not None:
            yield assignee
        yield from (one for one in self._leads.get(department_id, ()) if one is not assignee)
