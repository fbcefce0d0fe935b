import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What one may still answer is read by an index, in the place of one that another one covers."""

    # Indexes are built, and go, while others write.
    atomic = False

    dependencies = [
        ("feedback", "0005_what_is_settled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            "invitation",
            models.Index(
                condition=models.Q(("invited_at__isnull", False), ("withdrawn_at__isnull", True)),
                fields=["person", "expires_at"],
                name="invitation_to_answer",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS feedback_invitation_person_id_39497875",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS feedback_invitation_person_id_39497875"
                    " ON feedback_invitation (person_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "invitation",
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
            ],
        ),
    ]
