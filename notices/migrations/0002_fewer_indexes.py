from typing import Any

from django.conf import settings
from django.db import migrations, models

# Three notices and two mails for each promise that is missed: what is not searched by costs much.
NEEDLESS = {
    "notices_notice": {
        "notices_notice_user_id_62c74e71": "user_id",
        "notices_notice_event_id_a671d3a3": "event_id",
        "notices_notice_service_request_id_149e939d": "service_request_id",
    },
    "notices_outboxmail": {
        "notices_outboxmail_recipient_id_cacbd75f": "recipient_id",
        "notices_outboxmail_service_request_id_f0eaf17c": "service_request_id",
    },
    "notices_mailline": {
        "notices_mailline_recipient_id_c70c022c": "recipient_id",
        "notices_mailline_event_id_7844ff36": "event_id",
    },
}


def key(to: str, related_name: str = "+") -> Any:
    return models.ForeignKey(
        db_index=False,
        on_delete=models.PROTECT,
        related_name=related_name,
        to=to,
    )


def turned(
    name: str, table: str, before: str, after: str, exchange: list[str], where: str = ""
) -> list[Any]:
    """Build an index with its columns in another order beside the old one, then exchange them."""
    built = (
        f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name}_new ON {table} ({{}}) {where}"
    ).format
    return [
        migrations.RunSQL(built(after), migrations.RunSQL.noop),
        migrations.RunSQL(exchange, exchange),
        migrations.RunSQL(migrations.RunSQL.noop, built(before)),
    ]


def constraint(name: str, table: str, before: str, after: str) -> list[Any]:
    exchange = (
        f"ALTER TABLE {table} DROP CONSTRAINT {name}, "
        f"ADD CONSTRAINT {name} UNIQUE USING INDEX {name}_new"
    )
    return turned(name, table, before, after, [exchange])


def index(name: str, table: str, before: str, after: str, where: str) -> list[Any]:
    exchange = [
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"ALTER INDEX {name}_new RENAME TO {name}",
    ]
    return turned(name, table, before, after, exchange, where)


USER = settings.AUTH_USER_MODEL
REQUEST = "requests_app.servicerequest"
EVENT = "requests_app.event"
FIELDS = {
    "notice": {
        "user": key(USER, "notices"),
        "event": key(EVENT, "notices"),
        "service_request": key(REQUEST, "notices"),
    },
    "outboxmail": {"recipient": key(USER), "service_request": key(REQUEST)},
    "mailline": {"recipient": key(USER), "event": key(EVENT)},
}
UNSENT = {"attempts": 0, "sent_at__isnull": True, "gave_up_at__isnull": True}
ONCE = {
    "notice": models.UniqueConstraint(fields=("event", "user"), name="notice_once"),
    "mailline": models.UniqueConstraint(fields=("event", "recipient"), name="mail_tells_once"),
    "outboxmail": models.UniqueConstraint(
        fields=("service_request", "recipient", "purpose"),
        condition=models.Q(**UNSENT),
        name="mail_one_for_a_burst",
    ),
}


class Migration(migrations.Migration):
    # Each statement by itself: an index is built, goes, or comes back, while others write.
    atomic = False

    dependencies = [
        ("notices", "0001_initial"),
        migrations.swappable_dependency(USER),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                # What was told is looked up by its event, and mails by their request.
                *constraint(
                    "notice_once", "notices_notice", "user_id, event_id", "event_id, user_id"
                ),
                *constraint(
                    "mail_tells_once",
                    "notices_mailline",
                    "recipient_id, event_id",
                    "event_id, recipient_id",
                ),
                *index(
                    "mail_one_for_a_burst",
                    "notices_outboxmail",
                    "recipient_id, service_request_id, purpose",
                    "service_request_id, recipient_id, purpose",
                    "WHERE attempts = 0 AND gave_up_at IS NULL AND sent_at IS NULL",
                ),
                *(
                    migrations.RunSQL(
                        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({column})",
                    )
                    for table, indexes in NEEDLESS.items()
                    for name, column in indexes.items()
                ),
            ],
            state_operations=[
                *(
                    migrations.AlterField(model, name, field)
                    for model, fields in FIELDS.items()
                    for name, field in fields.items()
                ),
                *(
                    operation
                    for model, one in ONCE.items()
                    for operation in (
                        migrations.RemoveConstraint(model, one.name),
                        migrations.AddConstraint(model, one),
                    )
                ),
            ],
        ),
    ]
