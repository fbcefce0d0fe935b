"""What happened to a request: its append-only events."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from people.models import User
from requests_app.kinds import KINDS, Audience, Payload, Via
from requests_app.models.service_request import ServiceRequest


class Event(models.Model):
    """One line of a request's timeline. Written once: a trigger refuses update and delete."""

    service_request = models.ForeignKey(
        ServiceRequest, models.PROTECT, db_index=False, related_name="events"
    )
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    """Empty: the desk itself."""
    via = models.CharField(max_length=8, choices=[(str(v), str(v)) for v in Via])
    audience = models.CharField(max_length=10, choices=[(str(a), str(a)) for a in Audience])
    key = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001 (null: not unique)
    payload = models.JSONField(default=dict)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(fields=("service_request", "key"), name="event_key_once"),
            models.CheckConstraint(condition=Q(kind__in=sorted(KINDS)), name="event_kind_is_known"),
        )
        indexes = (models.Index(fields=("service_request", "at", "id"), name="event_timeline"),)

    def __str__(self) -> str:
        return f"{self.kind} at {self.at.isoformat()}"

    @property
    def data(self) -> Any:
        """The payload, typed by the kind."""
        payload: type[Payload] = KINDS[self.kind].payload
        return payload.load(self.payload)

    @property
    def is_finding(self) -> bool:
        """Found by time, or asked of people afterwards; not a deed."""
        return KINDS[self.kind].finding
