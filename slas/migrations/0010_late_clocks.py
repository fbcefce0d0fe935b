from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is late the longest is read first, however much is late."""

    # The index is built while others write.
    atomic = False

    dependencies = [
        ("slas", "0009_reasons_of_breaches"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="clock",
            index=models.Index(
                condition=models.Q(
                    ("in_figures", True),
                    ("state__in", ["running", "paused"]),
                    ("breached_at__isnull", False),
                ),
                fields=["department", "metric", "due_at"],
                name="clock_late",
            ),
        ),
    ]
