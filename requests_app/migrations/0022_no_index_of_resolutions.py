from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """Only the usual duration was read by it, which is now worked out once a day."""

    atomic = False

    dependencies = [
        ("requests_app", "0021_usual_durations"),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name="servicerequest",
            name="request_resolved",
        ),
    ]
