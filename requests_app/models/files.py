"""Files of a request and their content."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from people.models import User
from requests_app.models.conversation import Message
from requests_app.models.service_request import ServiceRequest


class Attachment(models.Model):
    """A file: staged by whoever uploads it, then under a message or an answer of a request.

    Its content stands in `FileChunk`; `requests_app.files` writes and reads both. Erased by
    deleting the row.
    """

    service_request = models.ForeignKey(
        ServiceRequest, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    """Empty: staged, seen by nobody but through the form that it waits in."""
    message = models.ForeignKey(
        Message, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    """Empty on a request: an answer of its form names it."""
    is_public = models.BooleanField(default=False)
    """As its message: for all who see the request, or for the provider alone."""
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=140)
    content_type = models.CharField(max_length=100)
    """By its content, not by what the browser said."""
    size = models.PositiveIntegerField()
    """Bytes."""
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256, hexadecimal."""

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(message__isnull=True) | Q(service_request__isnull=False),
                name="attachment_of_message_has_request",
            ),
        )
        indexes = (
            models.Index(
                fields=("at",),
                condition=Q(service_request__isnull=True),
                name="attachment_staged",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is served to who may see the request; only of an attached one."""
        assert self.service_request is not None
        return reverse(
            "conversation:file", args=[self.service_request.reference, self.pk, self.name]
        )


class FileChunk(models.Model):
    """One piece of a file: it is written and read piece by piece, never as a whole."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("attachment", "number"), name="file_chunk_once"),
        )

    def __str__(self) -> str:
        return f"piece {self.number} of file {self.attachment_id}"
