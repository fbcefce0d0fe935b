"""Why promises were broken, as those say who were to keep them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.models import ServiceRequest
from slas.models.agreements import METRIC_CHOICES

LONGEST_NOTE = 1000
"""Characters."""


class Reason(models.TextChoices):
    """The short list."""

    CLIENT = "client", _("We waited for the client’s answer")
    DEPARTMENT = "department", _("We waited for another department")
    SUPPLIER = "supplier", _("We waited for a supplier")
    PEOPLE = "people", _("Not enough people")
    MISDIRECTED = "misdirected", _("It came to us late, or to the wrong department first")
    HARDER = "harder", _("Harder than expected")
    FORGOTTEN = "forgotten", _("Forgotten")
    TARGET = "target", _("What is promised does not fit this work")
    OTHER = "other", _("Something else")


class BreachReason(models.Model):
    """Why one clock was late. Names the clock by what it is, for its row may be built anew."""

    service_request = models.ForeignKey(
        ServiceRequest, models.PROTECT, db_index=False, related_name="breach_reasons"
    )
    metric = models.CharField(max_length=16, choices=METRIC_CHOICES)
    cycle = models.PositiveSmallIntegerField()
    sequence = models.PositiveSmallIntegerField()
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = models.TextField(_("note"), max_length=LONGEST_NOTE, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+"
    )
    """Who said it last."""
    at = models.DateTimeField()
    """When it was first said."""
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("service_request", "metric", "cycle", "sequence"),
                name="breach_reason_once",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values), name="breach_reason_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.metric} of request {self.service_request_id})"

    @property
    def key(self) -> tuple[str, int, int]:
        """Which clock of its request it is about."""
        return self.metric, self.cycle, self.sequence
