"""What is promised, to whom, in which version; and the clocks that hold every request to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar, CalendarVersion
from people.models import Department
from requests_app.lifecycle import Category
from requests_app.models import Event, ServiceRequest
from requests_app.priority import Priority
from slas import engine

THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""From when on a first version is in force where nothing else is said: always."""

LEAST_BUDGET_SECONDS = 60


METRIC_CHOICES = [
    (str(engine.Metric.FIRST_RESPONSE), _("First response")),
    (str(engine.Metric.RESOLUTION), _("Resolution")),
    (str(engine.Metric.HOLDING), _("Holding")),
]
"""What is promised, in the words of agents and managers."""


class Kind(models.TextChoices):
    """What an agreement is."""

    MINIMUM = "minimum", _("The organisation’s minimum")
    STANDARD = "standard", _("A department’s standard")
    AGREEMENT = "agreement", _("An agreement between two departments")


class Agreement(models.Model):
    """What a provider promises its clients; what it says stands in its versions."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    provider = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="promises_made"
    )
    client = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="promises_received"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="minimum", provider=None, client=None)
                | Q(kind="standard", provider__isnull=False, client=None)
                | Q(kind="agreement", provider__isnull=False, client__isnull=False),
                name="agreement_names_the_parties_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=("provider",), condition=Q(kind="standard"), name="one_standard_each"
            ),
            models.UniqueConstraint(
                fields=("kind",), condition=Q(kind="minimum"), name="one_minimum"
            ),
        )

    def __str__(self) -> str:
        parties = [str(one) for one in (self.provider, self.client) if one is not None]
        return ": ".join([str(self.get_kind_display()), " – ".join(parties)]).removesuffix(": ")


class AgreementVersion(models.Model):
    """What an agreement says from one moment to another. Written once, like its targets."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    in_force_from = models.DateTimeField(_("in force from"))
    in_force_to = models.DateTimeField(_("in force to"), null=True, blank=True)
    """Not including this moment; empty while it is the newest."""
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    pauses_for_third_party = models.BooleanField(
        _("stands still while a third party outside is waited for"), default=False
    )
    thresholds = models.JSONField(_("warn at"))
    """Priority to percents of the budget, ascending: {"P1": [50, 75], …}."""

    class Meta:
        ordering = ("agreement", "number")
        constraints = (
            models.UniqueConstraint(fields=("agreement", "number"), name="agreement_version_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="agreement_version_counts_from_one"
            ),
            models.UniqueConstraint(
                fields=("agreement",),
                condition=Q(in_force_to=None),
                name="one_newest_version_of_an_agreement",
            ),
            models.UniqueConstraint(
                fields=("agreement", "in_force_from"), name="agreement_versions_begin_apart"
            ),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gt=F("in_force_from")),
                name="agreement_version_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement} {self.number}"


class Target(models.Model):
    """One promise of a version: a metric, a priority, a budget of business time."""

    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="targets")
    metric = models.CharField(_("metric"), max_length=16, choices=METRIC_CHOICES)
    priority = models.CharField(
        _("priority"), max_length=2, choices=[(str(p), str(p)) for p in Priority]
    )
    budget_seconds = models.PositiveIntegerField(
        _("budget in seconds"), validators=[MinValueValidator(LEAST_BUDGET_SECONDS)]
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "metric", "priority"), name="target_once"),
            models.CheckConstraint(
                condition=Q(budget_seconds__gte=LEAST_BUDGET_SECONDS),
                name="target_is_a_minute_at_least",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=[str(p) for p in Priority]),
                name="target_priority_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric} {self.priority}: {timedelta(seconds=self.budget_seconds)}"


class Scope(models.TextChoices):
    """Whose clocks go by the named versions."""

    PROMISE = "promise", _("The requester’s promises")
    HOLDING = "holding", _("The receiving department’s own time")


class Terms(models.Model):
    """Which versions a deed named. With the deeds themselves, all that a replay reads."""

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    scope = models.CharField(max_length=8, choices=Scope.choices)
    agreement_version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="+")
    calendar_version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "scope"), name="terms_once"),)

    def __str__(self) -> str:
        return f"{self.scope} of request {self.service_request_id}"


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
    client = models.ForeignKey(Department, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Department, models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField()
    accountable_since = models.DateTimeField()
    promise_version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="+")
    promise_calendar = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="+")
    holding_version = models.ForeignKey(
        AgreementVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    holding_calendar = models.ForeignKey(
        CalendarVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
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

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="clocks")
    metric = models.CharField(max_length=16, choices=METRIC_CHOICES)
    cycle = models.PositiveSmallIntegerField(default=1)
    sequence = models.PositiveSmallIntegerField(default=1)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    """Who answers for it: who holds the request, until it is decided."""
    in_figures = models.BooleanField()
    """What a department does for itself is not."""
    agreement_version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="+")
    calendar_version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="+")
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
    """The next instant at which something is to happen: a warning, or the breach."""
    warned = models.PositiveSmallIntegerField(default=0)
    """The highest threshold of the present target that was told, in percent."""
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
                condition=Q(next_check_at=None) | (_RUNNING & Q(breached_at=None)),
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
