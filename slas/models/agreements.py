"""What is promised, to whom, in which version."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar, CalendarVersion
from people.models import Department
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
    escalation = models.JSONField(_("escalate"))
    """Priority to steps, ascending: {"P1": [{"at": 100, "do": "tell_lead"}, …], …}; `at` is a
    percent of the budget, 100 the breach; `do` an `engine.Act`."""
    replies_like_first = models.BooleanField(_("next reply like the first"), default=True)
    """Where no next reply is promised, it is promised like a first response."""
    takes_back = models.BooleanField(
        _("goes back to the queue when nobody touches it for half of the response time"),
        default=False,
    )

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
