from django.db import migrations, models

PRIORITIES = ("P1", "P2", "P3", "P4")
METRICS = [
    ("first_response", "First response"),
    ("next_reply", "Next reply"),
    ("update", "Update"),
    ("resolution", "Resolution"),
    ("holding", "Holding"),
]


def breach_to_lead() -> dict[str, list[dict[str, int | str]]]:
    """What every version said until now, without writing it down: a breach is told to the leads."""
    return {priority: [{"at": 100, "do": "tell_lead"}] for priority in PRIORITIES}


class Migration(migrations.Migration):
    dependencies = [
        ("slas", "0003_services_of_clocks"),
    ]

    operations = [
        migrations.AddField(
            "agreementversion",
            "escalation",
            models.JSONField(default=breach_to_lead, verbose_name="escalate"),
            preserve_default=False,
        ),
        migrations.AddField(
            "agreementversion",
            "takes_back",
            models.BooleanField(
                default=False,
                verbose_name="goes back to the queue when nobody touches it for half of the"
                " response time",
            ),
        ),
        migrations.AlterField(
            "target",
            "metric",
            models.CharField(choices=METRICS, max_length=16, verbose_name="metric"),
        ),
        migrations.AlterField(
            "clock",
            "metric",
            models.CharField(choices=METRICS, max_length=16),
        ),
    ]
