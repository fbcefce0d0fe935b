"""When a worker last did what the beat told it; see servicedesk/health.py."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("servicedesk", "0002_tallies")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE TABLE IF NOT EXISTS servicedesk_beat (
                    single boolean NOT NULL PRIMARY KEY CHECK (single),
                    at timestamp with time zone NOT NULL
                );
            """,
            reverse_sql="DROP TABLE IF EXISTS servicedesk_beat",
        ),
    ]
