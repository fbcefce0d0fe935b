"""A service request as it stands: the row that its deeds change."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.models import FormVersion, Service
from people.models import Department, Team, User
from people.prepared import prepared
from requests_app.kinds import FOUND_ON_CLOCKS
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
    from collections.abc import Iterable, Sequence

STANDING_STILL = datetime(9999, 12, 30, tzinfo=UTC)
"""`queue_at` of a live request that has no due time just now (paused, or nothing promised)."""
NOTHING_DUE = datetime(9999, 12, 31, tzinfo=UTC)
"""`queue_at` of a request with no open promise: resolved, or final."""

STATUS_CHOICES = [(str(status), info.label) for status, info in STATUSES.items()]


class ServiceRequestQuerySet(models.QuerySet["ServiceRequest"]):
    """Words about requests. What a person may see is in `requests_app.access`."""

    _people: Sequence[str] = ()
    """Fetched beside the rows, with the departments."""

    def lock(self, pk: int) -> ServiceRequest:
        """The row, held until the transaction ends: every writer takes it first.

        `FOR NO KEY UPDATE` lets foreign keys to the row be inserted meanwhile. Raises DoesNotExist.
        """
        found = _locked(pk)
        if not found:
            raise self.model.DoesNotExist("There is no request with this id.")
        _tell_last_findings(found)
        return found[0]

    def lock_all(self, pks: Iterable[int]) -> list[ServiceRequest]:
        """Several rows, taken in the one order that all writers keep: by id."""
        rows = self.select_for_update(no_key=True).filter(pk__in=list(pks)).order_by("pk")
        found: list[ServiceRequest] = list(rows)
        _tell_last_findings(found)
        return found

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
        rows = self.select_related("service").defer("answers", "service__description")
        return rows._with_parties("requester", "assignee", "approver")

    def for_page(self) -> ServiceRequestQuerySet:
        """With what the request's own page shows."""
        rows = self.select_related("service", "form_version", "team")
        return rows._with_parties("requester", "filed_by", "assignee", "approver")

    # Ten joins cost PostgreSQL several times as long to plan as to execute, and a page of fifty
    # rows would make a hundred copies of two departments: so these come by two queries of their
    # own, each person and each department once.

    def _with_parties(self, *people: str) -> ServiceRequestQuerySet:
        """Fetch also these people and the departments: the client's, the provider's, theirs."""
        rows = self._chain()  # type: ignore[attr-defined]
        rows._people = people
        found: ServiceRequestQuerySet = rows
        return found

    def bare(self) -> ServiceRequestQuerySet:
        """The same rows without the people and departments: `complete` fetches them later."""
        return self._with_parties()

    def complete(self, rows: Sequence[ServiceRequest]) -> None:
        """Fetch for these rows the people and departments that this queryset fetches; two queries.

        None for a queryset that fetches none.
        """
        if self._people and rows:
            _give_parties(rows, self._people)

    def _clone(self) -> ServiceRequestQuerySet:
        clone: ServiceRequestQuerySet = super()._clone()  # type: ignore[misc]
        clone._people = self._people
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        rows = self._result_cache
        if is_new and rows and isinstance(rows[0], ServiceRequest):
            self.complete(rows)


def _give_parties(rows: Sequence[ServiceRequest], people: Sequence[str]) -> None:
    """Fill in the people and the departments of the rows; two queries."""
    person_ids = {getattr(row, f"{name}_id") for row in rows for name in people} - {None}
    persons = {one.pk: one for one in _people(person_ids)} if person_ids else {}
    department_ids = {person.department_id for person in persons.values()}
    for row in rows:
        department_ids |= {row.client_department_id, row.provider_department_id}
        department_ids.add(row.service.department_id)
    departments = {one.pk: one for one in _departments(department_ids)}
    for person in persons.values():
        person.department = departments[person.department_id]
    for row in rows:
        row.service.department = departments[row.service.department_id]
        for name in ("client_department", "provider_department"):
            _hold(row, name, departments[getattr(row, f"{name}_id")])
        for name in people:
            _hold(row, name, persons.get(getattr(row, f"{name}_id")))


@prepared
def _locked(pk: int) -> models.QuerySet[ServiceRequest]:
    return ServiceRequest.objects.select_for_update(no_key=True).filter(pk=pk)


def _tell_last_findings(locked: Sequence[ServiceRequest]) -> None:
    """When the sweep last found something on each of the rows, for `dated`; one query.

    A statement of its own: one that waited for a row sees that row as it is now, and all other
    tables as they were before it waited.
    """
    latest = dict(_last_findings([one.pk for one in locked], list(FOUND_ON_CLOCKS)))
    for one in locked:
        one.last_found_at = latest.get(one.pk)


@prepared
def _last_findings(
    service_request_ids: Collection[int], kinds: Collection[str]
) -> models.QuerySet[Any, tuple[int, datetime]]:
    from requests_app.models.timeline import Event

    found = Event.objects.filter(service_request__among=service_request_ids, kind__among=kinds)
    latest = found.order_by().values("service_request").annotate(latest=models.Max("at"))
    return latest.values_list("service_request", "latest")


@prepared
def _people(ids: Collection[int]) -> models.QuerySet[User]:
    return User.objects.filter(pk__among=ids).order_by()


@prepared
def _departments(ids: Collection[int]) -> models.QuerySet[Department]:
    return Department.objects.filter(pk__among=ids).order_by()


def _hold(row: ServiceRequest, name: str, fetched: models.Model | None) -> None:
    """As a join does it: no check that a foreign key has passed in the database already."""
    ServiceRequest._meta.get_field(name).set_cached_value(row, fetched)  # type: ignore[union-attr]


class ServiceRequest(models.Model):
    """One thing that an employee asked of one service.

    Changed only by the functions in `requests_app.actions`; `due_at`, `ever_breached` and
    `queue_at` are kept by `slas`.
    """

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """Of the form that was sent: a double click makes one request."""
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, db_index=False, related_name="+")
    requester = models.ForeignKey(
        User, models.PROTECT, db_index=False, related_name="requests_made"
    )
    filed_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    client_department = models.ForeignKey(
        Department, models.PROTECT, db_index=False, related_name="+"
    )
    provider_department = models.ForeignKey(
        Department, models.PROTECT, db_index=False, related_name="+"
    )
    team = models.ForeignKey(Team, models.PROTECT, db_index=False, related_name="+")
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approver = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
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
    wakes_at = models.DateTimeField(null=True, blank=True)
    """While waiting: the next moment at which time alone does something: nudge, look again, end."""
    nudges = models.PositiveSmallIntegerField(default=0)
    """How often the requester was reminded of the question that is open now."""

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

    last_found_at: datetime | None = None
    """Of a row that was locked."""

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
                fields=("provider_department", "status", "queue_at", "id"),
                condition=Q(status__in=sorted(map(str, LIVE_STATUSES))),
                name="request_standing",
            ),
            models.Index(
                fields=("provider_department", "queue_at", "id"),
                condition=Q(assignee__isnull=True, status__in=sorted(map(str, OPEN_STATUSES))),
                name="request_unassigned",
            ),
            models.Index(
                fields=("provider_department", "id"),
                condition=Q(restricted=True, status__in=sorted(map(str, LIVE_STATUSES))),
                name="request_restricted",
            ),
            models.Index(
                fields=("assignee", "provider_department", "queue_at", "id"),
                condition=Q(status__in=sorted(map(str, LIVE_STATUSES))),
                name="request_taken",
            ),
            models.Index(fields=("requester", "-id"), name="request_asked_by"),
            models.Index(
                fields=("requester", "-id", "status"),
                condition=Q(status__in=sorted(map(str, LIVE_STATUSES))),
                name="request_own_live",
            ),
            models.Index(fields=("provider_department", "-id"), name="request_newest"),
            models.Index(
                fields=("closes_at",),
                condition=Q(status=Status.RESOLVED.value),
                name="request_closes",
            ),
            models.Index(
                fields=("wakes_at",),
                condition=Q(wakes_at__isnull=False),
                name="request_wakes",
            ),
            models.Index(fields=("client_department", "-id"), name="request_of_client"),
            models.Index(
                fields=("approver",),
                condition=Q(status=Status.AWAITING_APPROVAL.value),
                name="request_approver",
            ),
            models.Index(
                fields=("approver",),
                condition=Q(approver__isnull=False),
                name="request_decided_by",
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

    def dated(self, at: datetime) -> datetime:
        """The time that a deed done at `at` bears; of a row that was locked.

        Not before the last deed, and after all that was found: where the machine's clock was set
        back, a promise found broken would otherwise have been kept after all.
        """
        last = max(self.last_deed_at, self.last_found_at or self.last_deed_at)
        if at >= last:
            return at
        return last if last == self.last_deed_at else last + timedelta(microseconds=1)

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
