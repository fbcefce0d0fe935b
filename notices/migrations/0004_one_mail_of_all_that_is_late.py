from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

GATHERING = {
    "purpose": "late",
    "attempts": 0,
    "sent_at__isnull": True,
    "gave_up_at__isnull": True,
}


class Migration(migrations.Migration):
    # Each statement by itself: an index is built, and rows looked through, while others write.
    atomic = False

    dependencies = [
        ("notices", "0003_news_of_agreements"),
    ]

    operations = [
        migrations.AlterField(
            "outboxmail",
            "purpose",
            models.CharField(
                choices=[
                    ("news", "News about a request"),
                    ("late", "Promises that are soon due, or late"),
                    ("rate", "Invitation to rate"),
                    ("deal", "News about an agreement"),
                ],
                default="news",
                max_length=4,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "
                    "mail_of_what_is_late_one_for_a_burst ON notices_outboxmail (recipient_id) "
                    "WHERE attempts = 0 AND gave_up_at IS NULL AND purpose = 'late' "
                    "AND sent_at IS NULL",
                    "DROP INDEX CONCURRENTLY IF EXISTS mail_of_what_is_late_one_for_a_burst",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    "outboxmail",
                    models.UniqueConstraint(
                        fields=("recipient",),
                        condition=Q(**GATHERING),
                        name="mail_of_what_is_late_one_for_a_burst",
                    ),
                )
            ],
        ),
        migrations.RemoveConstraint("outboxmail", "mail_is_of_a_request_or_an_agreement"),
        AddConstraintNotValid(
            "outboxmail",
            models.CheckConstraint(
                condition=Q(service_request__isnull=False, agreement_deed=None)
                | Q(service_request=None, agreement_deed__isnull=False)
                | Q(service_request=None, agreement_deed=None, purpose="late"),
                name="mail_is_of_a_request_or_an_agreement",
            ),
        ),
        ValidateConstraint("outboxmail", "mail_is_of_a_request_or_an_agreement"),
    ]
