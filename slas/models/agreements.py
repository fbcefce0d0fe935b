"""What is promised, to whom, in which version."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar, CalendarVersion
from catalogue.models import Service
from people.models import Department, User
from requests_app.models import Event, ServiceRequest
from requests_app.priority import Priority
from slas import engine

THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""From when on a first version is in force where nothing else is said: always."""

LEAST_BUDGET_SECONDS = 60


METRIC_CHOICES = [
    (str(engine.Metric.FIRST_RESPONSE), _("First response")),
    (str(engine.Metric.NEXT_REPLY), _("Next reply")),
    (str(engine.Metric.UPDATE), _("Update")),
    (str(engine.Metric.RESOLUTION), _("Resolution")),
    (str(engine.Metric.HOLDING), _("Holding")),
]
"""What is promised, in the words of agents and managers."""


def _only(column: str) -> Func:
    """The range that holds this id alone; all ids where there is none."""
    return Func(F(column), F(column), Value("[]"), function="int8range")


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
    name = models.CharField(_("name"), max_length=80, blank=True, db_default="")
    """Of an agreement between departments; whom it covers stands in its versions."""

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="minimum", provider=None)
                | Q(kind__in=("standard", "agreement"), provider__isnull=False),
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
        if self.kind == Kind.AGREEMENT:
            return f"{self.provider}: {self.name}"
        if self.kind == Kind.STANDARD:
            return f"{self.get_kind_display()}: {self.provider}"
        return str(self.get_kind_display())


class AgreementVersion(models.Model):
    """What an agreement says from one moment to another.

    Written once, like its targets and whom it covers: triggers refuse every change but its end.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    in_force_from = models.DateTimeField(_("in force from"))
    in_force_to = models.DateTimeField(_("in force to"), null=True, blank=True)
    """Not including this moment; empty while it is the newest."""
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, blank=True, related_name="+")
    """By which its budgets are counted; only the minimum names none."""
    pauses_for_third_party = models.BooleanField(
        _("stands still while a third party outside is waited for"), default=False
    )
    thresholds = models.JSONField(_("warn at"))
    """Priority to percents of the budget, ascending: {"P1": [50, 75], …}."""
    escalation = models.JSONField(_("escalate"))
    """Priority to steps, ascending: {"P1": [{"at": 100, "do": "tell_lead"}, …], …}; `at` is a
    percent of the budget, 100 the breach; `do` an `engine.Act`."""
    replies_like_first = models.BooleanField(_("next reply like the first"), default=True)
    """Where no next reply is promised, it is promised like a first response."""
    takes_back = models.BooleanField(
        _("goes back to the queue when nobody touches it for half of the response time"),
        default=False,
    )
    answer_within_seconds = models.PositiveIntegerField(_("client answers within"), null=True)
    """Working time by the same calendar; the client's part, like the two below."""
    complete_form = models.BooleanField(_("complete form"), default=False, db_default=False)
    notice_days = models.PositiveSmallIntegerField(_("notice in days"), null=True)
    review_on = models.DateField(_("to be reviewed"), null=True, blank=True)
    made_at = models.DateTimeField(_("agreed"), null=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

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


class Coverage(models.Model):
    """For which client, and for which service of the provider, a version counts."""

    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="coverage")
    provider = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")
    client = models.ForeignKey(Department, models.PROTECT, db_index=False, related_name="+")
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    """Empty: whatever the provider does, what it adds later too."""
    in_force_from = models.DateTimeField()
    in_force_to = models.DateTimeField(null=True)
    """Both are its version's, here for the constraint; they end together."""

    class Meta:
        indexes = (models.Index(fields=("client", "provider"), name="coverage_of_a_pair"),)
        constraints = (
            models.UniqueConstraint(
                fields=("version", "client", "service"),
                name="coverage_once",
                nulls_distinct=False,
            ),
            # Ids as ranges of one number each, so that no extension is needed; no service is the
            # range of all numbers, which overlaps every one.
            ExclusionConstraint(
                name="one_version_for_a_pair_and_service",
                expressions=[
                    (_only("provider"), RangeOperators.OVERLAPS),
                    (_only("client"), RangeOperators.OVERLAPS),
                    (_only("service"), RangeOperators.OVERLAPS),
                    (
                        Func("in_force_from", "in_force_to", function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} for {self.client_id}, {self.service_id or 'everything'}"


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
    event = models.ForeignKey(Event, models.PROTECT, db_index=False, related_name="+")
    scope = models.CharField(max_length=8, choices=Scope.choices)
    agreement_version = models.ForeignKey(
        AgreementVersion, models.PROTECT, db_index=False, related_name="+"
    )
    calendar_version = models.ForeignKey(
        CalendarVersion, models.PROTECT, db_index=False, related_name="+"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "scope"), name="terms_once"),)

    def __str__(self) -> str:
        return f"{self.scope} of request {self.service_request_id}"
