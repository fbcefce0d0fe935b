"""The cache's table, as `createcachetable` would make it; a deployment migrates and is done."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE TABLE IF NOT EXISTS servicedesk_cache (
                    cache_key varchar(255) NOT NULL PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamp with time zone NOT NULL
                );
                CREATE INDEX IF NOT EXISTS servicedesk_cache_expires
                    ON servicedesk_cache (expires);
            """,
            reverse_sql="DROP TABLE IF EXISTS servicedesk_cache",
        ),
    ]
