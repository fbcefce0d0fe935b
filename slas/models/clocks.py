"""The clocks that hold every request to what was promised, and where it stands for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from calendars.models import CalendarVersion
from catalogue.models import Service
from people.models import Department
from requests_app.lifecycle import Category
from requests_app.models import ServiceRequest
from requests_app.priority import Priority
from requests_app.reporting import Reporting
from requests_app.tally import Cut, weekday_hour
from slas import engine
from slas.models.agreements import METRIC_CHOICES, AgreementVersion


class Course(models.Model):
    """Where a request stands for its clocks, and up to which event that is known.

    Like the clocks a cache: a pure function of the deeds and of the versions they name.
    """

    service_request = models.OneToOneField(
        ServiceRequest, models.PROTECT, primary_key=True, related_name="course"
    )
    last_event_id = models.BigIntegerField()
    """Of the last deed that was followed: the same one again changes nothing."""
    stands = models.CharField(max_length=16, choices=[(str(c), str(c)) for c in Category])
    before_work = models.BooleanField(default=False)
    """While an approval is awaited: nobody had begun to work on it."""
    priority = models.CharField(max_length=2)
    client = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")
    holder = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, db_index=False, related_name="+")
    arrived_at = models.DateTimeField()
    accountable_since = models.DateTimeField()
    promise_version = models.ForeignKey(
        AgreementVersion, models.PROTECT, db_index=False, related_name="+"
    )
    promise_calendar = models.ForeignKey(
        CalendarVersion, models.PROTECT, db_index=False, related_name="+"
    )
    holding_version = models.ForeignKey(
        AgreementVersion, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    holding_calendar = models.ForeignKey(
        CalendarVersion, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    untouched_by = models.BigIntegerField(null=True, blank=True)
    """The person to whom it was given, while they have done nothing on it."""
    untouched_since = models.DateTimeField(null=True, blank=True)
    untouched_for = models.DurationField(default=timedelta(0), db_default=timedelta(0))
    """Business time before that without a touch, by hours that have changed since."""
    take_back_at = models.DateTimeField(null=True, blank=True)
    """When it goes back to the queue, if it stays untouched."""
    raise_to = models.CharField(max_length=2, blank=True, db_default="")
    """The priority that a step of escalation asks for and that is not yet given."""

    class Meta:
        indexes = (
            models.Index(
                fields=("take_back_at",),
                condition=Q(take_back_at__isnull=False),
                name="course_to_be_taken_back",
            ),
            models.Index(
                fields=("service_request",), condition=~Q(raise_to=""), name="course_to_be_raised"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(stands__in=[str(one) for one in Category]),
                name="course_stands_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(holding_version=None, holding_calendar=None)
                | Q(holding_version__isnull=False, holding_calendar__isnull=False),
                name="course_holding_has_both_versions",
            ),
            models.CheckConstraint(
                condition=Q(accountable_since__lte=F("arrived_at")),
                name="course_answers_at_latest_from_arrival",
            ),
            models.CheckConstraint(
                condition=Q(untouched_by=None, untouched_since=None, take_back_at=None)
                | Q(untouched_by__isnull=False, untouched_since__isnull=False),
                name="course_is_taken_back_from_somebody",
            ),
            models.CheckConstraint(
                condition=Q(raise_to__in=["", *(str(one) for one in Priority)]),
                name="course_is_raised_to_a_priority",
            ),
        )

    def __str__(self) -> str:
        return f"course of request {self.service_request_id}"


class ClockQuerySet(models.QuerySet["Clock"]):
    """Words about clocks."""

    def open(self) -> ClockQuerySet:
        """Running or standing still; late ones too."""
        return self.filter(state__in=engine.OPEN)

    def promises(self) -> ClockQuerySet:
        """What was promised to a requester."""
        return self.filter(metric__in=engine.PROMISES)

    def late(self) -> ClockQuerySet:
        """Open and past due."""
        return self.open().filter(breached_at__isnull=False)

    def at_risk(self, now: datetime) -> ClockQuerySet:
        """Running, past the first threshold, and not yet breached; swept or not."""
        return self.filter(
            Q(warned__gt=0) | Q(next_check_at__lte=now),
            state=engine.State.RUNNING,
            breached_at=None,
            due_at__gte=now,
        )

    def due_to_be_looked_at(self, now: datetime) -> ClockQuerySet:
        """Those with which something is to happen by now; not those set aside for a while."""
        return self.filter(
            Q(set_aside_until=None) | Q(set_aside_until__lte=now), next_check_at__lte=now
        )

    def of_cut(self, cut: Cut, value: int, reporting: Reporting | None = None) -> ClockQuerySet:
        """Those of one service, client or priority, or asked for in one hour of the week.

        Of the last the reporting zone must be said.
        """
        match cut:
            case Cut.SERVICE:
                return self.filter(service=value)
            case Cut.CLIENT:
                return self.filter(service_request__client_department=value)
            case Cut.PRIORITY:
                return self.filter(priority=f"P{value}")
            case Cut.ASKED:
                assert reporting is not None
                weekday, hour = weekday_hour(value)
                return self.alias(
                    _weekday=ExtractIsoWeekDay("started_at", tzinfo=reporting.zone),
                    _hour=ExtractHour("started_at", tzinfo=reporting.zone),
                ).filter(_weekday=weekday + 1, _hour=hour)
        return self

    def decided_in(self, start: datetime, end: datetime) -> ClockQuerySet:
        """Met or missed within [start, end), and part of the figures."""
        return self.filter(decided_at__gte=start, decided_at__lt=end, in_figures=True)


_RUNNING = Q(state=str(engine.State.RUNNING))
_PAUSED = Q(state=str(engine.State.PAUSED))
_STOPPED = Q(state=str(engine.State.STOPPED))
_VOID = Q(state=str(engine.State.VOID))
_LATE = Q(breached_at__isnull=False)


class Clock(models.Model):
    """The state of one promise on one request: a cache of what its deeds say, never edited."""

    service_request = models.ForeignKey(
        ServiceRequest, models.PROTECT, db_index=False, related_name="clocks"
    )
    metric = models.CharField(max_length=16, choices=METRIC_CHOICES)
    cycle = models.PositiveSmallIntegerField(default=1)
    sequence = models.PositiveSmallIntegerField(default=1)
    department = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")
    """Who answers for it: who holds the request, until it is decided."""
    service = models.ForeignKey(Service, models.PROTECT, db_index=False, related_name="+")
    """What was asked for, as it stood when the clock was decided."""
    in_figures = models.BooleanField()
    """What a department does for itself is not."""
    agreement_version = models.ForeignKey(
        AgreementVersion, models.PROTECT, db_index=False, related_name="+"
    )
    calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, db_index=False, related_name="+"
    )
    priority = models.CharField(max_length=2)
    budget = models.DurationField()
    spent_before = models.DurationField(default=timedelta(0))
    """Business time used by the earlier cycles."""
    used = models.DurationField(default=timedelta(0))
    """Business time used up to `running_since`, or in all where it does not run."""
    started_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(str(s), str(s)) for s in engine.State])
    running_since = models.DateTimeField(null=True, blank=True)
    paused_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    """None while it stands still, unless it is late already."""
    next_check_at = models.DateTimeField(null=True, blank=True)
    """The next instant at which something is to happen: a warning, the breach, a step after it."""
    warned = models.PositiveSmallIntegerField(default=0)
    """The highest threshold of the present target that was told, in percent."""
    escalated = models.PositiveSmallIntegerField(default=0, db_default=0)
    """The highest step of escalation beside the breach that was taken, in percent."""
    breached_at = models.DateTimeField(null=True, blank=True)
    """The due time that passed: a fact of the timeline, whenever it was noticed."""
    noticed_at = models.DateTimeField(null=True, blank=True)
    """When the breach was written down."""
    cause = models.CharField(max_length=16, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    """The earlier of its stop and its due time."""

    failures = models.PositiveSmallIntegerField(default=0)
    """How often the sweep could not write it down."""
    set_aside_until = models.DateTimeField(null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("service_request", "metric", "cycle", "sequence"), name="clock_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in engine.State]), name="clock_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cycle__gte=1, sequence__gte=1), name="clock_counts_from_one"
            ),
            models.CheckConstraint(
                condition=(_RUNNING & Q(running_since__isnull=False))
                | (~_RUNNING & Q(running_since=None)),
                name="clock_runs_since",
            ),
            models.CheckConstraint(
                condition=(_PAUSED & Q(paused_since__isnull=False))
                | (~_PAUSED & Q(paused_since=None)),
                name="clock_stands_still_since",
            ),
            models.CheckConstraint(
                condition=(_STOPPED & Q(stopped_at__isnull=False))
                | (~_STOPPED & Q(stopped_at=None)),
                name="clock_stopped_at",
            ),
            models.CheckConstraint(
                condition=(_VOID & Q(voided_at__isnull=False)) | (~_VOID & Q(voided_at=None)),
                name="clock_voided_at",
            ),
            models.CheckConstraint(
                condition=~_RUNNING | Q(due_at__isnull=False), name="clock_that_runs_is_due"
            ),
            models.CheckConstraint(
                condition=~_PAUSED | Q(due_at=None) | _LATE,
                name="clock_that_stands_still_is_not_due",
            ),
            models.CheckConstraint(
                condition=Q(next_check_at=None) | _RUNNING,
                name="clock_is_watched_while_it_runs",
            ),
            models.CheckConstraint(
                condition=~_RUNNING | _LATE | Q(next_check_at__isnull=False),
                name="clock_that_runs_is_watched",
            ),
            models.CheckConstraint(
                condition=Q(breached_at=None, noticed_at=None)
                | Q(breached_at__isnull=False, noticed_at__isnull=False, due_at=F("breached_at")),
                name="clock_breach_is_its_due_time_and_noticed",
            ),
            models.CheckConstraint(
                condition=(_LATE & Q(decided_at=F("breached_at")))
                | Q(breached_at=None, stopped_at__isnull=False, decided_at=F("stopped_at"))
                | Q(breached_at=None, stopped_at=None, decided_at=None),
                name="clock_is_decided_once",
            ),
            models.CheckConstraint(
                condition=Q(budget__gt=timedelta(0), used__gte=timedelta(0)),
                name="clock_time_is_not_negative",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_check_at", "id"),
                condition=Q(next_check_at__isnull=False),
                name="clock_to_be_looked_at",
            ),
            models.Index(
                fields=("department", "metric", "decided_at"),
                condition=Q(decided_at__isnull=False, in_figures=True),
                name="clock_decided",
            ),
            models.Index(
                fields=("department", "metric"),
                condition=Q(state__in=[str(s) for s in engine.OPEN]),
                name="clock_open",
            ),
            models.Index(
                fields=("department", "metric", "stopped_at"),
                condition=Q(stopped_at__isnull=False, in_figures=True),
                name="clock_ended",
            ),
            models.Index(
                fields=("department", "metric"),
                condition=_RUNNING & Q(breached_at=None, warned__gt=0),
                name="clock_warned",
            ),
            models.Index(
                fields=("department", "metric", "due_at"),
                condition=Q(state__in=[str(s) for s in engine.OPEN], in_figures=True) & _LATE,
                name="clock_late",
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric} {self.cycle}.{self.sequence} of request {self.service_request_id}"

    @property
    def is_open(self) -> bool:
        """Running or standing still; late ones too."""
        return self.state in engine.OPEN

    @property
    def is_late(self) -> bool:
        """Open and past due, as far as was noticed."""
        return self.is_open and self.breached_at is not None

    @property
    def is_met(self) -> bool:
        """Stopped in time."""
        return self.state == engine.State.STOPPED and self.breached_at is None
