from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    # By itself: old events are checked while others write.
    atomic = False

    dependencies = [
        ("requests_app", "0018_breach_explained"),
    ]

    operations = [
        ValidateConstraint("event", "event_kind_is_known"),
    ]
