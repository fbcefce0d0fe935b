"""A changed calendar or agreement on its way to the open requests that go by an earlier version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from calendars.models import CalendarVersion
from slas.models.agreements import AgreementVersion


class Reapplying(models.Model):
    """One run through the open requests, in batches; what is done already is kept with each.

    Interrupted anywhere it goes on after `last_request_id`. The same version again changes
    nothing, for the requests go by it then.
    """

    calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreement_version = models.ForeignKey(
        AgreementVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Empty: an operator, by command."""
    to_do = models.PositiveIntegerField()
    """How many requests went by an earlier version when it began."""
    last_request_id = models.BigIntegerField(default=0)
    """Requests up to this id are done."""
    done = models.PositiveIntegerField(default=0)
    earlier = models.PositiveIntegerField(default=0)
    """Requests of which a promise is due earlier than before."""
    later = models.PositiveIntegerField(default=0)
    """Requests of which a promise is due later, and none earlier."""
    late = models.PositiveIntegerField(default=0)
    """Requests that became late by it."""
    failed = models.JSONField(default=list)
    """Ids of requests that could not be written; a run of its own takes them up again."""
    claimed_until = models.DateTimeField(null=True, blank=True)
    """Who works on it has it until then; afterwards another goes on."""
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(calendar_version__isnull=False, agreement_version=None)
                | Q(calendar_version=None, agreement_version__isnull=False),
                name="reapplying_is_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=("calendar_version",),
                condition=Q(finished_at=None),
                name="one_reapplying_of_a_calendar_version",
            ),
            models.UniqueConstraint(
                fields=("agreement_version",),
                condition=Q(finished_at=None),
                name="one_reapplying_of_an_agreement_version",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), condition=Q(finished_at=None), name="reapplying_unfinished"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_version or self.calendar_version} to open requests"

    @property
    def is_finished(self) -> bool:
        """Nothing is left to do."""
        return self.finished_at is not None
