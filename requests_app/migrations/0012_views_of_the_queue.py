from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Each index by itself, while others write.
    atomic = False

    dependencies = [
        ("catalogue", "0003_service_editor"),
        ("people", "0003_administration"),
        ("requests_app", "0011_flow_and_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                fields=["provider_department", "status", "queue_at", "id"],
                name="request_standing",
            ),
        ),
        AddIndexConcurrently(
            model_name="servicerequest",
            index=models.Index(
                condition=models.Q(
                    ("assignee__isnull", True),
                    (
                        "status__in",
                        [
                            "awaiting_approval",
                            "in_progress",
                            "new",
                            "waiting_requester",
                            "waiting_third_party",
                        ],
                    ),
                ),
                fields=["provider_department", "queue_at", "id"],
                name="request_unassigned",
            ),
        ),
        AddIndexConcurrently(
            model_name="servicerequest",
            index=models.Index(
                condition=models.Q(
                    ("restricted", True),
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
                    ),
                ),
                fields=["provider_department", "id"],
                name="request_restricted",
            ),
        ),
    ]
