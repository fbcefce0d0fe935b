from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What somebody has is listed in one department, so the index of their list says which."""

    # Indexes are built, and go, while others write.
    atomic = False

    dependencies = [
        ("requests_app", "0023_asked_often_and_own_live"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="servicerequest",
            index=models.Index(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "awaiting_approval",
                            "in_progress",
                            "new",
                            "resolved",
                            "waiting_requester",
                            "waiting_third_party",
                        ],
                    )
                ),
                fields=["assignee", "provider_department", "queue_at", "id"],
                name="request_taken",
            ),
        ),
        RemoveIndexConcurrently(
            model_name="servicerequest",
            name="request_mine",
        ),
    ]
