"""What was counted of the clocks: `requests_app.tally` says how; and how long things took."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from people.models import Department
from requests_app.models import Change, Count


class _Verdicts(models.Model):
    """What is counted of clocks."""

    metric = models.CharField(max_length=16)
    met = models.IntegerField(default=0)
    missed = models.IntegerField(default=0)
    ended = models.IntegerField(default=0)
    """Stopped, late or not: how many the times are of."""
    late = models.IntegerField(default=0)
    """One more open and late, or one less."""

    class Meta:
        abstract = True


class AttainmentChange(Change, _Verdicts):
    """What a clock adds, until it is folded in."""

    def __str__(self) -> str:
        return f"{self.metric} of department {self.provider_id} at {self.at.isoformat()}"


class AttainmentCount(Count, _Verdicts):
    """Clocks of one period."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("grain", "cut", "start", "provider", "value", "metric"),
                name="attainment_count_once",
            ),
        )


class MonthsTimes(models.Model):
    """How long the clocks took that ended in one month; a median is no sum, so it is kept."""

    month = models.DateField()
    """Its first day, in the reporting zone."""
    cut = models.CharField(max_length=8)
    provider = models.ForeignKey(
        Department, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    """None: the whole organisation."""
    value = models.BigIntegerField()
    metric = models.CharField(max_length=16)
    n = models.IntegerField()
    median = models.DurationField(default=timedelta(0))
    ninetieth = models.DurationField(default=timedelta(0))
    median_on_the_wall = models.DurationField(default=timedelta(0))
    ninetieth_on_the_wall = models.DurationField(default=timedelta(0))
    at = models.DateTimeField()
    """When it was worked out."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("month", "cut", "provider", "value", "metric"),
                nulls_distinct=False,
                name="months_times_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric} of department {self.provider_id}, {self.month}"
