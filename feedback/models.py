"""What was asked of whom, and what they said: invitations to rate, and ratings."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalogue.models import Service
from feedback.reasons import LostTime, Outcome, Reason
from people.models import Department, Team, User
from requests_app.models import Change, Count, Event, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

EDITABLE_FOR = timedelta(hours=12)
"""How long a rating may be changed after it was first given."""


class State(StrEnum):
    """Where an invitation stands at a given moment."""

    NOT_YET = "not_yet"
    OPEN = "open"
    ANSWERED = "answered"
    """Rated, and the rating may still be changed."""
    SETTLED = "settled"
    """Rated for good."""
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Withdrawal(models.TextChoices):
    """Why someone is not, or no longer, asked."""

    REOPENED = "reopened", _("The request was reopened")
    ASKED_LATELY = "asked_lately", _("The person was asked about this department within 7 days")
    LEFT = "left", _("The person has left")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Words about invitations."""

    def due(self, now: datetime) -> InvitationQuerySet:
        """Those whose time to be sent has come."""
        return self.filter(invited_at=None, withdrawn_at=None, due_at__lte=now)

    def sent(self) -> InvitationQuerySet:
        """Those that reached a person and were not taken back."""
        return self.filter(invited_at__isnull=False, withdrawn_at=None)

    def settled(self, start: datetime, end: datetime) -> InvitationQuerySet:
        """Those of which it became known in [start, end) whether they are answered.

        That is when the answer is released, 12 hours after it was given; else when it ran out.
        """
        known_at = Coalesce(F("rating__at") + EDITABLE_FOR, F("expires_at"))
        return self.alias(known_at=known_at).filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("expires_at")),
            invited_at__isnull=False,
            expires_at__gte=start - EDITABLE_FOR,
            known_at__gte=start,
            known_at__lt=end,
        )

    def open(self, now: datetime) -> InvitationQuerySet:
        """Those that can be answered and are not."""
        return self.sent().filter(expires_at__gt=now, rating=None)

    def for_departments(self, department_ids: Iterable[int] | None) -> InvitationQuerySet:
        """Those about what these departments did; None: all."""
        if department_ids is None:
            return self
        return self.filter(provider_department__in=list(department_ids))


class Invitation(models.Model):
    """The question how one resolution was received, with a snapshot of who served."""

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="invitations")
    resolution = models.OneToOneField(Event, models.PROTECT, related_name="invitation")
    """The event that resolved the request: each resolution asks at most once."""
    person = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="invitations")

    # The snapshot: who served, as it was at the resolution.
    client_department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    provider_department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    was_breached = models.BooleanField(default=False)

    due_at = models.DateTimeField()
    """When to ask."""
    invited_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal = models.CharField(max_length=12, choices=Withdrawal.choices, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("due_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("due_at")), name="invitation_expires_after_it_is_due"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal="")),
                name="invitation_withdrawn_for_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at", "id"),
                condition=Q(invited_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_to_send",
            ),
            models.Index(
                fields=("person", "provider_department", "invited_at"), name="invitation_sampling"
            ),
            models.Index(
                fields=("person", "expires_at"),
                condition=Q(invited_at__isnull=False, withdrawn_at__isnull=True),
                name="invitation_to_answer",
            ),
            models.Index(fields=("provider_department", "invited_at"), name="invitation_figures"),
            models.Index(fields=("provider_department", "expires_at"), name="invitation_settled"),
        )

    def __str__(self) -> str:
        return f"invitation {self.pk} about request {self.service_request_id}"

    def state(self, now: datetime) -> State:
        """Where it stands; reads the rating."""
        rating = getattr(self, "rating", None)
        if rating is not None:
            return State.ANSWERED if rating.is_editable(now) else State.SETTLED
        if self.withdrawn_at is not None:
            return State.WITHDRAWN
        if self.invited_at is None:
            return State.NOT_YET
        return State.OPEN if now < self.expires_at else State.EXPIRED


SCORES = {
    1: _("Very dissatisfied"),
    2: _("Dissatisfied"),
    3: _("Neither nor"),
    4: _("Satisfied"),
    5: _("Very satisfied"),
}
"""The word on each score."""


class RatingQuerySet(models.QuerySet["Rating"]):
    """Words about ratings."""

    def named(self) -> RatingQuerySet:
        """Those under which the person's name may stand."""
        return self.filter(is_unnamed=False)

    def released(self, now: datetime) -> RatingQuerySet:
        """Those that can no longer be changed."""
        return self.filter(at__lte=now - EDITABLE_FOR)

    def counted(self, start: datetime, end: datetime) -> RatingQuerySet:
        """Those that began to count in [start, end)."""
        return self.filter(counts_at__gte=start, counts_at__lt=end)


class Rating(models.Model):
    """An answer to an invitation."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField(_("score"), choices=SCORES.items())
    comment = models.TextField(_("comment"), blank=True)
    lost_time = models.CharField(
        _("lost working time"),
        max_length=8,
        choices=LostTime.choices,
        blank=True,
        default="",
        db_default="",
    )
    """Empty: the person did not say."""
    is_unnamed = models.BooleanField(_("without my name"), default=False, db_default=False)
    """Shown to nobody but the person; it counts only in figures, among at least five such."""
    at = models.DateTimeField()
    """When it was first given."""
    changed_at = models.DateTimeField(null=True, blank=True)
    counts_at = models.DateTimeField(null=True, blank=True)
    """From when figures count it: with a name once it is released, 12 hours after it was given;
    without one when five of its department are together (`feedback.blocks`), until then never."""

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="rating_is_1_to_5"),
            models.CheckConstraint(
                condition=Q(lost_time__in=["", *LostTime.values]), name="rating_lost_time_is_known"
            ),
        )
        indexes = (
            models.Index(fields=("at",), name="rating_at"),
            models.Index(fields=("counts_at",), name="rating_counts"),
            models.Index(
                fields=("at", "id"),
                condition=Q(is_unnamed=True, counts_at__isnull=True),
                name="rating_waits_for_company",
            ),
        )

    def __str__(self) -> str:
        return f"{self.score} of 5"

    @property
    def word(self) -> str:
        """The score in words."""
        return str(SCORES[self.score])

    @property
    def editable_until(self) -> datetime:
        """The end of the time in which it may be changed."""
        return self.at + EDITABLE_FOR

    def is_editable(self, now: datetime) -> bool:
        """Whether it may still be changed."""
        return now < self.editable_until


class RatingReason(models.Model):
    """One of up to three reasons for a score."""

    rating = models.ForeignKey(Rating, models.CASCADE, related_name="reasons")
    reason = models.CharField(max_length=16, choices=Reason.choices)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("rating", "reason"), name="rating_reason_once"),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values), name="rating_reason_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.reason


CALLS_FOR_RECOVERY = 2
"""This score and below, with a name, is something for a lead to look after."""


class RecoveryTaskQuerySet(models.QuerySet["RecoveryTask"]):
    """Words about recovery tasks."""

    def open(self) -> RecoveryTaskQuerySet:
        """Those that someone still has to look after."""
        return self.filter(done_at=None, withdrawn_at=None)


class RecoveryTask(models.Model):
    """Someone was dissatisfied and said so by name: a lead of the department sees to it."""

    rating = models.OneToOneField(Rating, models.PROTECT, related_name="recovery")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    """Which served, and whose leads it is for."""
    opened_at = models.DateTimeField()
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """The lead who looks after it."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """The answer was changed to a better one, or to one without a name."""
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    note = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RecoveryTaskQuerySet.as_manager()

    class Meta:
        ordering = ("opened_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, outcome="", note="")
                | (
                    Q(done_at__isnull=False, done_by__isnull=False, withdrawn_at__isnull=True)
                    & Q(outcome__in=Outcome.values)
                ),
                name="recovery_done_with_an_outcome",
            ),
        )
        indexes = (
            models.Index(
                fields=("department", "opened_at", "id"),
                condition=Q(done_at__isnull=True, withdrawn_at__isnull=True),
                name="recovery_open",
            ),
        )

    def __str__(self) -> str:
        return f"recovery after rating {self.rating_id}"


class _Satisfaction(models.Model):
    """What is counted of answers and of what was asked."""

    answers = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    invited = models.IntegerField(default=0)
    """Of which it became known whether they are answered."""
    answered = models.IntegerField(default=0)

    class Meta:
        abstract = True


class SatisfactionChange(Change, _Satisfaction):
    """What an answer adds from its release on, or an invitation once it is answered or ran out."""

    class Meta:
        indexes = (models.Index(fields=("at",), name="satisfaction_change_at"),)

    def __str__(self) -> str:
        return f"change of department {self.provider_id} at {self.at.isoformat()}"


class SatisfactionCount(Count, _Satisfaction):
    """Answers of one period."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("grain", "cut", "start", "provider", "value"),
                name="satisfaction_count_once",
            ),
        )
