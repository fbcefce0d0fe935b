import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "is_default",
                    models.BooleanField(
                        default=False,
                        help_text="Promises that name no calendar use this one.",
                        verbose_name="default",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendars",
                        to="people.department",
                    ),
                ),
            ],
            options={
                "ordering": ("department", "name"),
            },
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("zone", models.CharField(max_length=64, verbose_name="time zone")),
                ("hours", models.JSONField(verbose_name="weekly hours")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "subdivision",
                    models.CharField(blank=True, max_length=6, verbose_name="subdivision"),
                ),
                ("closed", models.JSONField(default=dict, verbose_name="closed dates")),
                ("own_closed", models.JSONField(default=dict, verbose_name="own closed dates")),
                (
                    "removed_holidays",
                    models.JSONField(default=list, verbose_name="holidays worked"),
                ),
                ("special", models.JSONField(default=dict, verbose_name="special days")),
                (
                    "covers_until",
                    models.DateField(
                        help_text="Public holidays are written out up to this date.",
                        verbose_name="covers until",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="published")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="calendars.calendar",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("calendar", "number"),
            },
        ),
        migrations.AddConstraint(
            model_name="calendar",
            constraint=models.UniqueConstraint(
                fields=("department", "name"), name="calendar_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendar",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("department",),
                name="one_default_calendar_per_department",
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarversion",
            constraint=models.UniqueConstraint(
                fields=("calendar", "number"), name="calendar_version_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="calendar_version_number_from_one"
            ),
        ),
    ]
