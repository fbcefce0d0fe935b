from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """How often a service is asked for is kept, too; what is a person's own is read by an index.

    Someone may have asked for thousands of things; what is under way is few, and read all the time.
    """

    # The index is built while others write.
    atomic = False

    dependencies = [
        ("requests_app", "0022_no_index_of_resolutions"),
    ]

    operations = [
        migrations.AddField(
            model_name="usual",
            name="asked",
            field=models.IntegerField(db_default=0, default=0),
        ),
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
                fields=["requester", "-id", "status"],
                name="request_own_live",
            ),
        ),
    ]
