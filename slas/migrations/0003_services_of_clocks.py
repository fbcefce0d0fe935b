import django.db.models.deletion
from django.apps.registry import Apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max

ROWS = 10_000


def fill_in(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was asked for when the clock was decided; else what is asked for now. In pages."""
    last = apps.get_model("slas", "Clock").objects.aggregate(last=Max("pk"))["last"] or 0
    with schema_editor.connection.cursor() as cursor:
        for start in range(0, last + 1, ROWS):
            cursor.execute(
                """
                UPDATE slas_clock SET service_id = coalesce((
                    SELECT coalesce(payload->>'to_service_id', payload->>'service_id')::bigint
                    FROM requests_app_event AS e
                    WHERE e.service_request_id = slas_clock.service_request_id
                        AND e.kind IN ('submitted', 'transferred') AND e.at <= decided_at
                    ORDER BY e.id DESC LIMIT 1
                ), r.service_id)
                FROM requests_app_servicerequest AS r
                WHERE r.id = slas_clock.service_request_id AND slas_clock.service_id IS NULL
                    AND slas_clock.id >= %(from)s AND slas_clock.id < %(to)s
                """,
                {"from": start, "to": start + ROWS},
            )
        last = apps.get_model("slas", "Course").objects.aggregate(last=Max("pk"))["last"] or 0
        for start in range(0, last + 1, ROWS):
            cursor.execute(
                """
                UPDATE slas_course SET service_id = r.service_id
                FROM requests_app_servicerequest AS r
                WHERE r.id = slas_course.service_request_id AND slas_course.service_id IS NULL
                    AND r.id >= %(from)s AND r.id < %(to)s
                """,
                {"from": start, "to": start + ROWS},
            )


SERVICE = models.ForeignKey(
    db_index=False,
    on_delete=django.db.models.deletion.PROTECT,
    related_name="+",
    to="catalogue.service",
)


class Migration(migrations.Migration):
    # Each statement by itself: rows are filled in, and indexes built, while others write.
    atomic = False

    dependencies = [
        ("slas", "0002_counts_and_services"),
    ]

    operations = [
        migrations.RunPython(fill_in, migrations.RunPython.noop),
        migrations.AlterField("clock", "service", SERVICE),
        migrations.AlterField("course", "service", SERVICE),
        AddIndexConcurrently(
            "clock",
            models.Index(
                condition=models.Q(("in_figures", True), ("stopped_at__isnull", False)),
                fields=["department", "metric", "stopped_at"],
                name="clock_ended",
            ),
        ),
        AddIndexConcurrently(
            "clock",
            models.Index(
                condition=models.Q(("state", "running"), ("breached_at", None), ("warned__gt", 0)),
                fields=["department", "metric"],
                name="clock_warned",
            ),
        ),
    ]
