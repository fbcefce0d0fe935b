from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.models import Q

LIKE_FIRST = {"verbose_name": "next reply like the first"}


class Migration(migrations.Migration):
    # Each statement by itself: rows are checked, and indexes built, while others write.
    atomic = False

    dependencies = [
        ("slas", "0004_escalation_steps"),
    ]

    operations = [
        # Versions that are there promised no next reply; those of the future do.
        migrations.AddField(
            "agreementversion",
            "replies_like_first",
            models.BooleanField(default=False, **LIKE_FIRST),
        ),
        migrations.AlterField(
            "agreementversion",
            "replies_like_first",
            models.BooleanField(default=True, **LIKE_FIRST),
        ),
        migrations.AddField(
            "clock", "escalated", models.PositiveSmallIntegerField(default=0, db_default=0)
        ),
        migrations.AddField(
            "course", "untouched_by", models.BigIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            "course", "untouched_since", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField("course", "take_back_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "course", "raise_to", models.CharField(blank=True, db_default="", max_length=2)
        ),
        migrations.RemoveConstraint("clock", "clock_is_watched_while_it_runs"),
        AddConstraintNotValid(
            "clock",
            models.CheckConstraint(
                condition=Q(("next_check_at", None), ("state", "running"), _connector="OR"),
                name="clock_is_watched_while_it_runs",
            ),
        ),
        ValidateConstraint("clock", "clock_is_watched_while_it_runs"),
        AddConstraintNotValid(
            "course",
            models.CheckConstraint(
                condition=Q(
                    Q(untouched_by=None, untouched_since=None, take_back_at=None),
                    Q(untouched_by__isnull=False, untouched_since__isnull=False),
                    _connector="OR",
                ),
                name="course_is_taken_back_from_somebody",
            ),
        ),
        ValidateConstraint("course", "course_is_taken_back_from_somebody"),
        AddConstraintNotValid(
            "course",
            models.CheckConstraint(
                condition=Q(raise_to__in=["", "P1", "P2", "P3", "P4"]),
                name="course_is_raised_to_a_priority",
            ),
        ),
        ValidateConstraint("course", "course_is_raised_to_a_priority"),
        AddIndexConcurrently(
            "course",
            models.Index(
                condition=Q(take_back_at__isnull=False),
                fields=["take_back_at"],
                name="course_to_be_taken_back",
            ),
        ),
        AddIndexConcurrently(
            "course",
            models.Index(
                condition=~Q(raise_to=""),
                fields=["service_request"],
                name="course_to_be_raised",
            ),
        ),
    ]
