"""How often something was done lately; see servicedesk/limits.py.

Not logged: after a crash of the database counting begins anew, and nothing else is lost.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("servicedesk", "0001_cache_table")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE UNLOGGED TABLE IF NOT EXISTS servicedesk_tally (
                    what varchar(200) NOT NULL PRIMARY KEY,
                    times integer NOT NULL,
                    until timestamp with time zone NOT NULL
                );
            """,
            reverse_sql="DROP TABLE IF EXISTS servicedesk_tally",
        ),
    ]
