"""Playing stories: each in one transaction, by the desk’s own deeds with past times, silently."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from catalogue.models import Service
from feedback import actions as feedback_actions
from feedback.models import Invitation
from people.access import standing
from people.models import Department, User
from requests_app import actions, timeline
from requests_app.kinds import Via
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest
from servicedesk.demo.story import Ref, Story

SOURCE = "demo"
_KEYS = uuid.UUID("6f1de1a5-0000-4000-8000-0a5b0a7d0001")


@dataclass(slots=True)
class Cast:
    """The rows that stories name, read once for each process."""

    people: dict[str, User]
    departments: dict[str, Department]
    services: dict[str, Service]

    @classmethod
    def gather(cls) -> Cast:
        """Read them; everyone's standing is kept on the instance."""
        people = {one.email: one for one in User.objects.select_related("department")}
        for one in people.values():
            standing(one)
        return cls(
            people,
            {one.slug: one for one in Department.objects.all()},
            {
                f"{one.department.slug}/{one.slug}": one
                for one in Service.objects.select_related("department", "team", "form_version")
            },
        )

    def find(self, ref: Ref) -> Any:
        """The row that is meant. Raises KeyError."""
        found: dict[str, dict[str, Any]] = {
            "person": self.people,
            "department": self.departments,
            "service": self.services,
        }
        return found[ref.kind][ref.key]

    def rows(self, given: dict[str, Any]) -> dict[str, Any]:
        """What a deed is given, with rows for references."""
        return {
            key: self.find(value) if isinstance(value, Ref) else value
            for key, value in given.items()
        }

    def ids(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Answers to a form, with ids for references."""
        return {
            key: self.find(value).pk if isinstance(value, Ref) else value
            for key, value in answers.items()
        }


def hurry() -> None:
    """Let this connection's commits not wait for the disk; a lost one is played again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def played() -> set[int]:
    """The numbers of the stories that are here already."""
    cases = ServiceRequest.objects.filter(source=SOURCE).values_list("source_case", flat=True)
    return {int(case) for case in cases}


@transaction.atomic
def play(story: Story, cast: Cast, now: datetime) -> ServiceRequest:
    """Play one story until now; closes by itself what nobody confirmed.

    Raises AlreadyImported for one that is here, and whatever a deed refuses.
    """
    with timeline.told_at_the_end():
        return _play(story, cast, now)


def _play(story: Story, cast: Cast, now: datetime) -> ServiceRequest:
    request = actions.submit(
        cast.services[f"{story.department}/{story.service}"],
        by=cast.people[story.filed_by],
        requester=cast.people[story.requester],
        at=story.at,
        answers=cast.ids(story.answers),
        impact=story.impact,
        urgency=story.urgency,
        key=uuid.uuid5(_KEYS, str(story.number)),
        via=Via.SEED,
        source=SOURCE,
        source_case=str(story.number),
    )
    for step in story.steps:
        request = actions.perform(
            request,
            step.deed,
            by=cast.people[step.by] if step.by else None,
            at=step.at,
            via=Via.SEED,
            **cast.rows(step.given),
        )
    if request.status == Status.RESOLVED and request.closes_at and request.closes_at <= now:
        request = actions.close(request, by=None, at=request.closes_at, via=Via.SEED)
    return request


def opinions(stories: Sequence[Story], now: datetime) -> list[tuple[Story, int, datetime]]:
    """Who has rated by now, of those who were asked and have not yet: story, invitation, moment."""
    by_case = {str(story.number): story for story in stories if story.opinion}
    asked = (
        Invitation.objects.sent()
        .filter(
            rating=None,
            service_request__source=SOURCE,
            service_request__source_case__in=by_case,
        )
        .order_by("pk")
        .values_list("service_request__source_case", "pk", "invited_at", "expires_at")
    )
    found = []
    for case, pk, invited_at, expires_at in asked:
        story = by_case[case]
        assert story.opinion is not None
        assert invited_at is not None  # it was sent
        at = invited_at + story.opinion.after
        if at <= now and at < expires_at:
            found.append((story, pk, at))
    return found


def rate(story: Story, invitation_id: int, at: datetime) -> None:
    """Give the story's opinion."""
    assert story.opinion is not None
    feedback_actions.rate(
        invitation_id,
        score=story.opinion.score,
        comment=story.opinion.comment,
        reasons=story.opinion.reasons,
        lost_time=story.opinion.lost_time,
        unnamed=story.opinion.unnamed,
        at=at,
        via=Via.SEED,
    )
