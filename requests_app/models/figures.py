"""What figures are read from: the steps of requests, and rows counted beforehand of any facts.

`requests_app.tally` says how changes and counts come about.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from catalogue.models import Service
from people.models import Department
from requests_app.models.service_request import ServiceRequest
from requests_app.models.timeline import Event


class Change(models.Model):
    """What a fact adds to, or takes from, the figures of a department; until it is folded in."""

    at = models.DateTimeField()
    """From when on it counts."""
    asked_at = models.DateTimeField(null=True)
    provider = models.ForeignKey(
        Department, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    client = models.ForeignKey(
        Department, models.DO_NOTHING, db_constraint=False, db_index=False, null=True,
        related_name="+",
    )  # fmt: skip
    """Empty, as service and priority: it counts in figures of the whole department only."""
    service = models.ForeignKey(
        Service, models.DO_NOTHING, db_constraint=False, db_index=False, null=True,
        related_name="+",
    )  # fmt: skip
    priority = models.PositiveSmallIntegerField(null=True)

    class Meta:
        abstract = True


class Count(models.Model):
    """The sum of all changes of one period, of one department or a part of it."""

    grain = models.CharField(max_length=5)
    cut = models.CharField(max_length=8)
    start = models.DateField()
    """The day, or the first of the month, in the reporting zone."""
    provider = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")
    value = models.BigIntegerField()
    """Which service, client, priority: `requests_app.tally.Cut`."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.cut} {self.value} of department {self.provider_id}, {self.start}"


class Kept(models.Model):
    """That counts of a name are kept, in which zone, and when changes were last folded in."""

    name = models.CharField(max_length=20, primary_key=True)
    zone = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at.isoformat()}"


class Usual(models.Model):
    """What is usual of one department or one service: how often it is asked for, how long it takes.

    A median is no sum: `requests_app.figures.usual` works it out once a day.
    """

    department = models.OneToOneField(
        Department, models.CASCADE, null=True, blank=True, related_name="+"
    )
    service = models.OneToOneField(Service, models.CASCADE, null=True, blank=True, related_name="+")
    asked = models.IntegerField(default=0, db_default=0)
    n = models.IntegerField()
    """How many were resolved; the lengths are theirs, nothing of none."""
    median = models.DurationField()
    percentile_85 = models.DurationField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(department__isnull=True) ^ Q(service__isnull=True),
                name="usual_of_department_or_service",
            ),
        )

    def __str__(self) -> str:
        return f"what is usual of department {self.department_id}, service {self.service_id}"


class StepQuerySet(models.QuerySet["Step"]):
    """Words about steps."""

    def within(self, start: object, end: object) -> StepQuerySet:
        """Those of [start, end)."""
        return self.filter(at__gte=start, at__lt=end)


class Step(models.Model):
    """A request comes into, or leaves, what is open in a department: with its own facts of then.

    Copied from the events by `requests_app.flow`, and never changed: a request that moves on later
    is still where it was asked for, and where it was resolved. One that is handed on, or gets
    another priority, leaves and comes at once.
    """

    event = models.ForeignKey(Event, models.PROTECT, db_index=False, related_name="+")
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()
    asked_at = models.DateTimeField()
    provider = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")
    client = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, db_index=False, related_name="+")
    priority = models.CharField(max_length=2)
    change = models.SmallIntegerField()
    """One more open, or one less."""
    is_handed_on = models.BooleanField(default=False)
    """It leaves the department or the team for another one."""

    # Of a resolution: where the time went since it was asked for or reopened.
    held_provider = models.DurationField(default=timedelta(0))
    held_others = models.DurationField(default=timedelta(0))
    held_client = models.DurationField(default=timedelta(0))
    held_approval = models.DurationField(default=timedelta(0))
    held_third_party = models.DurationField(default=timedelta(0))
    held_unowned = models.DurationField(default=timedelta(0))

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("event", "change"), name="step_once"),
            models.CheckConstraint(condition=Q(change__in=(-1, 1)), name="step_is_in_or_out"),
        )
        indexes = (models.Index(fields=("provider", "kind", "at"), name="step_of_department"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.change:+} of request {self.service_request_id}"


class _Flow(models.Model):
    """What is counted of the steps."""

    asked = models.IntegerField(default=0)
    resolved = models.IntegerField(default=0)
    reopened = models.IntegerField(default=0)
    cancelled = models.IntegerField(default=0)
    declined = models.IntegerField(default=0)
    handed_on = models.IntegerField(default=0)
    change = models.IntegerField(default=0)
    held_provider = models.DurationField(default=timedelta(0))
    held_others = models.DurationField(default=timedelta(0))
    held_client = models.DurationField(default=timedelta(0))
    held_approval = models.DurationField(default=timedelta(0))
    held_third_party = models.DurationField(default=timedelta(0))
    held_unowned = models.DurationField(default=timedelta(0))

    class Meta:
        abstract = True


class FlowChange(Change, _Flow):
    """What a step adds, until it is folded in."""

    def __str__(self) -> str:
        return f"change of department {self.provider_id} at {self.at.isoformat()}"


class FlowCount(Count, _Flow):
    """Steps of one period."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("grain", "cut", "start", "provider", "value"), name="flow_count_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("cut", "start", "provider"),
                condition=Q(grain="asked") & ~Q(change=0),
                name="flow_count_open",
            ),
        )
