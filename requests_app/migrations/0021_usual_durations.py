import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """How long services usually take, one row each; Celery fills it within a minute."""

    dependencies = [
        ("catalogue", "0003_service_editor"),
        ("people", "0003_administration"),
        ("requests_app", "0020_decided_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="Usual",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.IntegerField()),
                ("median", models.DurationField()),
                ("percentile_85", models.DurationField()),
                (
                    "department",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("department__isnull", True),
                            ("service__isnull", True),
                            _connector="XOR",
                        ),
                        name="usual_of_department_or_service",
                    )
                ],
            },
        ),
    ]
