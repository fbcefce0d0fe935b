"""Service requests and their memory: the row, its events, its messages, who else is on it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.models import FormVersion, Service
from people.models import Department, Team, User
from requests_app.kinds import KINDS, Audience, Payload, Via
from requests_app.lifecycle import (
    FINAL_STATUSES,
    LIVE_STATUSES,
    OPEN_STATUSES,
    STATUSES,
    WAITING_STATUSES,
    Status,
    StatusInfo,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

STANDING_STILL = datetime(9999, 12, 30, tzinfo=UTC)
"""`queue_at` of a live request that has no due time just now (paused, or nothing promised)."""
NOTHING_DUE = datetime(9999, 12, 31, tzinfo=UTC)
"""`queue_at` of a request with no open promise: resolved, or final."""

STATUS_CHOICES = [(str(status), info.label) for status, info in STATUSES.items()]


class ServiceRequestQuerySet(models.QuerySet["ServiceRequest"]):
    """Words about requests. What a person may see is in `requests_app.access`."""

    def lock(self, pk: int) -> ServiceRequest:
        """The row, held until the transaction ends: every writer takes it first.

        `FOR NO KEY UPDATE` lets foreign keys to the row be inserted meanwhile. Raises DoesNotExist.
        """
        return self.select_for_update(no_key=True).get(pk=pk)

    def lock_all(self, pks: Iterable[int]) -> list[ServiceRequest]:
        """Several rows, taken in the one order that all writers keep: by id."""
        return list(self.select_for_update(no_key=True).filter(pk__in=list(pks)).order_by("pk"))

    def open(self) -> ServiceRequestQuerySet:
        """Not yet resolved."""
        return self.filter(status__in=OPEN_STATUSES)

    def live(self) -> ServiceRequestQuerySet:
        """Open, or resolved and still to be confirmed."""
        return self.filter(status__in=LIVE_STATUSES)

    def final(self) -> ServiceRequestQuerySet:
        """Closed, cancelled or declined."""
        return self.filter(status__in=FINAL_STATUSES)

    def due_first(self) -> ServiceRequestQuerySet:
        """What breaches next on top."""
        return self.order_by("queue_at", "pk")

    def newest_first(self) -> ServiceRequestQuerySet:
        """The one asked last on top."""
        return self.order_by("-pk")

    def for_list(self) -> ServiceRequestQuerySet:
        """With what a row of a list shows, and without the long texts."""
        return self.select_related(
            "service",
            "client_department",
            "provider_department",
            "requester",
            "assignee",
            "approver",
        ).defer("answers", "service__description")

    def for_page(self) -> ServiceRequestQuerySet:
        """With what the request's own page shows."""
        return self.select_related(
            "service__department",
            "form_version",
            "team",
            "client_department",
            "provider_department",
            "requester__department",
            "filed_by",
            "assignee",
            "approver",
        )


class ServiceRequest(models.Model):
    """One thing that an employee asked of one service.

    Changed only by the functions in `requests_app.actions`; `due_at`, `ever_breached` and
    `queue_at` are kept by `slas`.
    """

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """Of the form that was sent: a double click makes one request."""
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    requester = models.ForeignKey(User, models.PROTECT, related_name="requests_made")
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    client_department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    provider_department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approver = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    restricted = models.BooleanField(default=False)
    subject = models.CharField(_("subject"), max_length=200)
    answers = models.JSONField(default=dict, blank=True)

    status = models.CharField(max_length=24, choices=STATUS_CHOICES, default=Status.NEW.value)
    interrupted_status = models.CharField(max_length=24, blank=True)
    """While awaiting approval: the status to go back to."""
    status_since = models.DateTimeField()
    impact = models.CharField(max_length=8)
    urgency = models.CharField(max_length=8)
    priority = models.CharField(max_length=2)
    third_party = models.CharField(max_length=80, blank=True)
    look_again_on = models.DateField(null=True, blank=True)

    submitted_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    """When a resolved request closes by itself."""
    closed_at = models.DateTimeField(null=True, blank=True)
    last_deed_at = models.DateTimeField()
    requester_spoke_at = models.DateTimeField(null=True, blank=True)
    provider_spoke_at = models.DateTimeField(null=True, blank=True)

    due_at = models.DateTimeField(null=True, blank=True)
    ever_breached = models.BooleanField(default=False)
    queue_at = models.DateTimeField(default=STANDING_STILL)

    source = models.CharField(max_length=60, blank=True)
    """Where it was imported from."""
    source_case = models.CharField(max_length=120, blank=True)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=[str(status) for status in Status]),
                name="request_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.AWAITING_APPROVAL.value)
                | (Q(approver__isnull=False) & ~Q(interrupted_status="")),
                name="request_awaiting_approval_has_approver",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[str(s) for s in (Status.RESOLVED, Status.CLOSED)])
                | Q(resolved_at__isnull=False),
                name="request_resolved_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=("source", "source_case"),
                condition=~Q(source=""),
                name="request_imported_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("provider_department", "queue_at", "id"),
                condition=Q(status__in=sorted(map(str, LIVE_STATUSES))),
                name="request_queue",
            ),
            models.Index(
                fields=("assignee", "queue_at", "id"),
                condition=Q(status__in=sorted(map(str, LIVE_STATUSES))),
                name="request_mine",
            ),
            models.Index(fields=("requester", "-id"), name="request_asked_by"),
            models.Index(fields=("provider_department", "-id"), name="request_newest"),
            models.Index(
                fields=("closes_at",),
                condition=Q(status=Status.RESOLVED.value),
                name="request_closes",
            ),
            models.Index(
                fields=("approver",),
                condition=Q(status=Status.AWAITING_APPROVAL.value),
                name="request_approver",
            ),
            models.Index(
                fields=("service", "resolved_at"),
                condition=Q(resolved_at__isnull=False),
                name="request_resolved",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.subject}"

    def get_absolute_url(self) -> str:
        """The one address of the request."""
        return reverse("conversation:request", args=[self.reference])

    @property
    def info(self) -> StatusInfo:
        """What is said of its status."""
        return STATUSES[Status(self.status)]

    @property
    def is_open(self) -> bool:
        """Not yet resolved."""
        return self.status in OPEN_STATUSES

    @property
    def is_waiting(self) -> bool:
        """Stands still for the requester or a third party."""
        return self.status in WAITING_STATUSES

    @property
    def is_final(self) -> bool:
        """Nothing more can happen to it."""
        return self.status in FINAL_STATUSES


class Message(models.Model):
    """What someone wrote, for all who see the request or for the provider alone; can be erased."""

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
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


class Event(models.Model):
    """One line of a request's timeline. Written once: a trigger refuses update and delete."""

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
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


class Participant(models.Model):
    """Someone else who sees the request and may speak on it."""

    service_request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, models.PROTECT, related_name="participations")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
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
        ServiceRequest, models.CASCADE, related_name="past_providers"
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")

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


class SearchText(models.Model):
    """The words of a request, folded: those its requester may see, and those its provider may.

    Kept by `requests_app.search` in the transaction of whatever adds words; can be erased.
    """

    service_request = models.OneToOneField(
        ServiceRequest, models.CASCADE, primary_key=True, related_name="search_text"
    )
    requester_words = SearchVectorField()
    provider_words = SearchVectorField()

    class Meta:
        indexes = (
            GinIndex(fields=("requester_words",), name="search_requester_words"),
            GinIndex(fields=("provider_words",), name="search_provider_words"),
        )

    def __str__(self) -> str:
        return f"words of request {self.service_request_id}"


class Draft(models.Model):
    """What someone has typed into a service's form and not yet sent."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    key = models.UUIDField()
    """Of the form: once a request with this key is there, the draft is over."""
    answers = models.JSONField(default=dict)
    """By the name of each field, the values as they were typed."""
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "service"), name="draft_once"),)

    def __str__(self) -> str:
        return f"draft {self.pk} for {self.service_id}"


class Favourite(models.Model):
    """A service that someone wants at hand."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "service"), name="favourite_once"),)

    def __str__(self) -> str:
        return f"{self.service_id} of {self.user_id}"
