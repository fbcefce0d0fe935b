import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

REQUEST = "requests_app.servicerequest"
DEED = models.ForeignKey(
    db_index=False,
    null=True,
    on_delete=django.db.models.deletion.PROTECT,
    related_name="+",
    to="slas.agreementdeed",
)
NOTICE_ONCE = models.UniqueConstraint(
    condition=Q(agreement_deed__isnull=False),
    fields=("agreement_deed", "user"),
    name="notice_of_an_agreement_once",
)
MAIL_ONCE = models.UniqueConstraint(
    condition=Q(agreement_deed__isnull=False),
    fields=("agreement_deed", "recipient"),
    name="mail_of_an_agreement_once",
)
NOTICE_OF = models.CheckConstraint(
    condition=Q(event__isnull=False, service_request__isnull=False, agreement_deed=None)
    | Q(event=None, service_request=None, agreement_deed__isnull=False),
    name="notice_is_of_a_request_or_an_agreement",
)
MAIL_OF = models.CheckConstraint(
    condition=Q(service_request__isnull=False, agreement_deed=None)
    | Q(service_request=None, agreement_deed__isnull=False),
    name="mail_is_of_a_request_or_an_agreement",
)


def once(table: str, columns: str, model: str, constraint: models.UniqueConstraint) -> object:
    """A unique index, built while others write."""
    name = constraint.name
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({columns})"
                " WHERE agreement_deed_id IS NOT NULL",
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
            )
        ],
        state_operations=[migrations.AddConstraint(model, constraint)],
    )


def nullable(to: str, related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=to,
    )


class Migration(migrations.Migration):
    # Each statement by itself: indexes are built, and rows looked through, while others write.
    atomic = False

    dependencies = [
        ("notices", "0002_fewer_indexes"),
        ("slas", "0007_agreements_between_departments"),
    ]

    operations = [
        migrations.AddField("notice", "agreement_deed", DEED),
        migrations.AddField("outboxmail", "agreement_deed", DEED),
        migrations.AlterField("notice", "event", nullable("requests_app.event", "notices")),
        migrations.AlterField("notice", "service_request", nullable(REQUEST, "notices")),
        migrations.AlterField("outboxmail", "service_request", nullable(REQUEST, "+")),
        migrations.AlterField(
            "outboxmail",
            "purpose",
            models.CharField(
                choices=[
                    ("news", "News about a request"),
                    ("rate", "Invitation to rate"),
                    ("deal", "News about an agreement"),
                ],
                default="news",
                max_length=4,
            ),
        ),
        once("notices_notice", "agreement_deed_id, user_id", "notice", NOTICE_ONCE),
        once("notices_outboxmail", "agreement_deed_id, recipient_id", "outboxmail", MAIL_ONCE),
        AddConstraintNotValid("notice", NOTICE_OF),
        AddConstraintNotValid("outboxmail", MAIL_OF),
        ValidateConstraint("notice", NOTICE_OF.name),
        ValidateConstraint("outboxmail", MAIL_OF.name),
    ]
