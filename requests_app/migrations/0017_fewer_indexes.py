from typing import Any

from django.conf import settings
from django.db import migrations, models

# Of a foreign key each: covered by another index that begins with it, or never searched by. Every
# deed that changes a row had to write an entry into each of them.
NEEDLESS = {
    "requests_app_servicerequest": {
        "requests_app_servicerequest_form_version_id_c12b5bf2": "form_version_id",
        "requests_app_servicerequest_requester_id_ea9aebb5": "requester_id",
        "requests_app_servicerequest_filed_by_id_edc15b1f": "filed_by_id",
        "requests_app_servicerequest_client_department_id_f9fd5ff8": "client_department_id",
        "requests_app_servicerequest_provider_department_id_f118255e": "provider_department_id",
        "requests_app_servicerequest_team_id_98069795": "team_id",
        "requests_app_servicerequest_approver_id_37f8d5a8": "approver_id",
    },
    "requests_app_event": {
        "requests_app_event_service_request_id_7a3d4632": "service_request_id",
        "requests_app_event_actor_id_e31a141c": "actor_id",
    },
    "requests_app_message": {
        "requests_app_message_service_request_id_a8d3722e": "service_request_id",
        "requests_app_message_author_id_c3d04617": "author_id",
    },
    "requests_app_participant": {
        "requests_app_participant_service_request_id_0bd6bf25": "service_request_id",
        "requests_app_participant_added_by_id_a08a6a92": "added_by_id",
    },
    "requests_app_pastprovider": {
        "requests_app_pastprovider_service_request_id_7e58d13c": "service_request_id",
        "requests_app_pastprovider_department_id_5555432a": "department_id",
    },
}


def key(to: str, on_delete: Any = models.PROTECT, related_name: str = "+", **more: Any) -> Any:
    return models.ForeignKey(
        db_index=False, on_delete=on_delete, related_name=related_name, to=to, **more
    )


REQUEST = "requests_app.servicerequest"
FIELDS = {
    "servicerequest": {
        "form_version": key("catalogue.formversion"),
        "requester": key(settings.AUTH_USER_MODEL, related_name="requests_made"),
        "filed_by": key(settings.AUTH_USER_MODEL),
        "client_department": key("people.department"),
        "provider_department": key("people.department"),
        "team": key("people.team"),
        "approver": key(settings.AUTH_USER_MODEL, blank=True, null=True),
    },
    "event": {
        "service_request": key(REQUEST, related_name="events"),
        "actor": key(settings.AUTH_USER_MODEL, blank=True, null=True),
    },
    "message": {
        "service_request": key(REQUEST, related_name="messages"),
        "author": key(settings.AUTH_USER_MODEL, blank=True, null=True),
    },
    "participant": {
        "service_request": key(REQUEST, models.CASCADE, "participants"),
        "added_by": key(settings.AUTH_USER_MODEL, blank=True, null=True),
    },
    "pastprovider": {
        "service_request": key(REQUEST, models.CASCADE, "past_providers"),
        "department": key("people.department"),
    },
}


class Migration(migrations.Migration):
    # Each statement by itself: an index goes, or comes back, while others write.
    atomic = False

    dependencies = [
        ("requests_app", "0016_escalated_is_checked"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index} ON {table} ({column})",
                )
                for table, indexes in NEEDLESS.items()
                for index, column in indexes.items()
            ],
            state_operations=[
                migrations.AlterField(model, name, field)
                for model, fields in FIELDS.items()
                for name, field in fields.items()
            ],
        ),
        # Room on each page for the next version of a row: where no indexed column changes (a
        # breach is noted), no index is written at all.
        migrations.RunSQL(
            "ALTER TABLE requests_app_servicerequest SET (fillfactor = 85)",
            "ALTER TABLE requests_app_servicerequest RESET (fillfactor)",
        ),
    ]
