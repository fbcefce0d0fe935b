from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The index is built while others write.
    atomic = False

    dependencies = [
        ("feedback", "0004_counts"),
    ]

    operations = [
        AddIndexConcurrently(
            "invitation",
            models.Index(fields=["provider_department", "expires_at"], name="invitation_settled"),
        ),
    ]
