"""What is said on a request, by whom, and who else is on it."""

from __future__ import annotations

from django.db import models

from people.models import Department, User
from requests_app.models.service_request import ServiceRequest


class Message(models.Model):
    """What someone wrote, for all who see the request or for the provider alone; can be erased."""

    service_request = models.ForeignKey(
        ServiceRequest, models.PROTECT, db_index=False, related_name="messages"
    )
    author = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    at = models.DateTimeField()
    is_public = models.BooleanField()
    text = models.TextField(blank=True)
    """Markdown."""

    class Meta:
        ordering = ("at", "id")
        indexes = (
            models.Index(fields=("service_request", "at", "id"), name="message_conversation"),
        )

    def __str__(self) -> str:
        return f"message {self.pk} of request {self.service_request_id}"


class Participant(models.Model):
    """Someone else who sees the request and may speak on it."""

    service_request = models.ForeignKey(
        ServiceRequest, models.CASCADE, db_index=False, related_name="participants"
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="participations")
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("service_request", "user"), name="participant_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} on {self.service_request_id}"


class PastProvider(models.Model):
    """A department that handed the request on, and may go on reading it (unless restricted)."""

    service_request = models.ForeignKey(
        ServiceRequest, models.CASCADE, db_index=False, related_name="past_providers"
    )
    department = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("service_request", "department"), name="past_provider_once"
            ),
        )
        indexes = (
            models.Index(fields=("department", "-service_request"), name="past_provider_newest"),
        )

    def __str__(self) -> str:
        return f"{self.department} had {self.service_request_id}"


class ReplyDraft(models.Model):
    """What someone has typed on a request's page and not yet sent."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    service_request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="+")
    deed = models.CharField(max_length=20)
    """The deed it was typed for: a reply, a note, a question ..."""
    typed = models.JSONField(default=dict)
    """By the name of each field, what was typed."""
    key = models.CharField(max_length=80)
    """Of the form: once an event with this key is there, the draft is over."""
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "service_request"), name="reply_draft_once"),
        )

    def __str__(self) -> str:
        return f"draft {self.pk} on request {self.service_request_id}"


class Presence(models.Model):
    """Someone who has a request's page open, and whether they are writing on it."""

    service_request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    wrote_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("service_request", "user"), name="presence_once"),
        )
        indexes = (models.Index(fields=("seen_at",), name="presence_seen"),)

    def __str__(self) -> str:
        return f"{self.user_id} at request {self.service_request_id}"
