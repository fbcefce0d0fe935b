from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whoever searches reads what they have decided, too: without an index, all there is."""

    atomic = False

    dependencies = [
        ("requests_app", "0019_breach_explained_is_checked"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="servicerequest",
            index=models.Index(
                condition=models.Q(("approver__isnull", False)),
                fields=["approver"],
                name="request_decided_by",
            ),
        ),
    ]
