"""Models and migrations say the same, and the frame's own tables are there."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


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
