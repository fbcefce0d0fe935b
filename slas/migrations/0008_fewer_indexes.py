from typing import Any

from django.db import migrations, models

# Of a foreign key each: covered by another index that begins with it, or never searched by. Every
# request begins with five of these rows, and every deed changes some.
NEEDLESS = {
    "slas_clock": {
        "slas_clock_service_request_id_88cd8d63": "service_request_id",
        "slas_clock_department_id_82b3cf93": "department_id",
        "slas_clock_agreement_version_id_ee7bbe68": "agreement_version_id",
        "slas_clock_calendar_version_id_498bd4d0": "calendar_version_id",
    },
    "slas_course": {
        "slas_course_client_id_c7ac4662": "client_id",
        "slas_course_holder_id_2f72cfda": "holder_id",
        "slas_course_promise_version_id_023e66ab": "promise_version_id",
        "slas_course_promise_calendar_id_a47f7f26": "promise_calendar_id",
        "slas_course_holding_version_id_d7e3e0cc": "holding_version_id",
        "slas_course_holding_calendar_id_041cf3a2": "holding_calendar_id",
    },
    "slas_terms": {
        "slas_terms_event_id_089474b5": "event_id",
        "slas_terms_agreement_version_id_62e51f89": "agreement_version_id",
        "slas_terms_calendar_version_id_f8063649": "calendar_version_id",
    },
}


def key(to: str, related_name: str = "+", **more: Any) -> Any:
    return models.ForeignKey(
        db_index=False, on_delete=models.PROTECT, related_name=related_name, to=to, **more
    )


REQUEST = "requests_app.servicerequest"
DEPARTMENT = "people.department"
AGREEMENT = "slas.agreementversion"
CALENDAR = "calendars.calendarversion"
FIELDS = {
    "clock": {
        "service_request": key(REQUEST, "clocks"),
        "department": key(DEPARTMENT),
        "agreement_version": key(AGREEMENT),
        "calendar_version": key(CALENDAR),
    },
    "course": {
        "client": key(DEPARTMENT),
        "holder": key(DEPARTMENT),
        "promise_version": key(AGREEMENT),
        "promise_calendar": key(CALENDAR),
        "holding_version": key(AGREEMENT, blank=True, null=True),
        "holding_calendar": key(CALENDAR, blank=True, null=True),
    },
    "terms": {
        "event": key("requests_app.event"),
        "agreement_version": key(AGREEMENT),
        "calendar_version": key(CALENDAR),
    },
}


class Migration(migrations.Migration):
    # Each statement by itself: an index goes, or comes back, while others write.
    atomic = False

    dependencies = [
        ("slas", "0007_agreements_between_departments"),
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
        # A deed changes columns of the course that no index has: room for that on each page.
        migrations.RunSQL(
            "ALTER TABLE slas_course SET (fillfactor = 85)",
            "ALTER TABLE slas_course RESET (fillfactor)",
        ),
    ]
