from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests_app", "0017_fewer_indexes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_is_known",
        ),
        AddConstraintNotValid(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "agreement_changed",
                            "annotated",
                            "answered",
                            "approval_asked",
                            "approval_decided",
                            "asked",
                            "assigned",
                            "breach_explained",
                            "breached",
                            "calendar_changed",
                            "cancelled",
                            "closed",
                            "declined",
                            "escalated",
                            "held",
                            "invited",
                            "look_again",
                            "noted",
                            "nudged",
                            "participant_added",
                            "participant_removed",
                            "prioritised",
                            "rated",
                            "released",
                            "reopened",
                            "replied",
                            "resolved",
                            "resumed",
                            "submitted",
                            "taken",
                            "transferred",
                            "warned",
                        ],
                    )
                ),
                name="event_kind_is_known",
            ),
        ),
    ]
