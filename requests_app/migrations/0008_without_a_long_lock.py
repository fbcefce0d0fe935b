from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    # Each statement by itself: indexes are built, and old events checked, while others write.
    atomic = False

    dependencies = [
        ("requests_app", "0007_waiting_and_queue_tools"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="servicerequest",
            index=models.Index(
                condition=models.Q(("wakes_at__isnull", False)),
                fields=["wakes_at"],
                name="request_wakes",
            ),
        ),
        AddIndexConcurrently(
            model_name="servicerequest",
            index=models.Index(fields=["client_department", "-id"], name="request_of_client"),
        ),
        ValidateConstraint("event", "event_kind_is_known"),
    ]
