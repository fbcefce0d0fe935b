"""Who waits for whom in the database of the tests."""

from __future__ import annotations

from django.db import connection


def waiting() -> int:
    """How many connections wait for a lock just now; also from within a transaction, which
    otherwise sees the others as they were when it first looked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])
