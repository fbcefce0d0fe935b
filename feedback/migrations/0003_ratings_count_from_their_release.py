from datetime import timedelta

from django.apps.registry import Apps
from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

ROWS = 5_000
RELEASED_AFTER = timedelta(hours=12)


def count_what_is_there(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Ratings from before count once they are released; a page at a time, each by itself."""
    rating = apps.get_model("feedback", "Rating")
    uncounted = rating.objects.filter(counts_at=None, is_unnamed=False)
    last = 0
    while pks := list(
        uncounted.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:ROWS]
    ):
        last = pks[-1]
        uncounted.filter(pk__in=pks).update(counts_at=F("at") + RELEASED_AFTER)


class Migration(migrations.Migration):
    # Each statement by itself: indexes are built, and old ratings filled in, while others write.
    atomic = False

    dependencies = [
        ("feedback", "0002_reasons_and_recovery"),
    ]

    operations = [
        ValidateConstraint("rating", "rating_lost_time_is_known"),
        migrations.RunPython(count_what_is_there, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="rating",
            index=models.Index(fields=["counts_at"], name="rating_counts"),
        ),
        AddIndexConcurrently(
            model_name="rating",
            index=models.Index(
                condition=models.Q(("counts_at__isnull", True), ("is_unnamed", True)),
                fields=["at", "id"],
                name="rating_waits_for_company",
            ),
        ),
    ]
