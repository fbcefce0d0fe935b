"""Models and migrations say the same, and the frame's own tables are there."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration, RunSQL
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_short_way_leads_where_the_long_one_does() -> None:
    """An empty database takes one migration for many, others go on step by step: same models."""
    short, long = MigrationLoader(None), MigrationLoader(None, replace_migrations=False)
    assert len(short.graph.nodes) < len(long.graph.nodes)
    one, other = short.project_state(), long.project_state()
    assert MigrationAutodetector(one, other).changes(short.graph) == {}
    for key, model in one.models.items():
        assert list(model.fields) == list(other.models[key].fields), f"{key}: columns' order"


def test_the_short_way_runs_all_the_sql_that_makes_something_lasting() -> None:
    """Triggers, their functions, sequences and tables' settings, which no model tells of."""
    disk = MigrationLoader(None).disk_migrations or {}
    for short in (each for each in disk.values() if each.replaces):
        said = lasting(short)
        assert sorted(said) == sorted(part for key in short.replaces for part in lasting(disk[key]))


def lasting(migration: Migration) -> list[str]:
    """What it runs of SQL, without what it only does while others write."""
    return [
        str(each.sql)
        for each in migration.operations
        if isinstance(each, RunSQL) and "CONCURRENTLY" not in str(each.sql)
    ]


@pytest.mark.django_db
def test_the_cache_has_its_table_from_the_migrations() -> None:
    cache.set("what", {"stands": "here"}, 60)
    assert cache.get("what") == {"stands": "here"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM servicedesk_cache")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_the_database_sorts_by_code_point_and_speaks_utf8() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)
        cursor.execute("SELECT upper('kraków')")
        assert cursor.fetchone() == ("KRAKÓW",)
