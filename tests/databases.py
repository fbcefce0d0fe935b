"""The databases of the tests: the migrations run once, and every worker gets a copy.

What they make is kept under a name made of all migrations: the next run copies it at once, and a
migration that changed makes another. `python -m tests.databases` makes it beforehand, while the
workers still read the tests.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection

PREFIX = "test_template_"
_ONE_AT_A_TIME = 7_403_112  # of the server's advisory locks: whoever makes, copies or throws away


def name() -> str:
    """The name of the template that belongs to these migrations."""
    digest = hashlib.sha256(django.get_version().encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"\0{app.label}/{path.name}\0".encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


@contextlib.contextmanager
def template() -> Iterator[str]:
    """The name of a database in which all migrations have run, and until the end nobody drops it.

    It is made if there is none, and those of other migrations are thrown away.
    """
    wanted = name()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = {row[0] for row in cursor.fetchall()}
        if wanted not in there:
            for other in there:
                with contextlib.suppress(OperationalError):  # somebody looks into it
                    cursor.execute(f"DROP DATABASE IF EXISTS {other}")
            _make(f"{wanted}_new")
            cursor.execute(f"ALTER DATABASE {wanted}_new RENAME TO {wanted}")
        yield wanted


def _make(under: str) -> None:
    """Run all migrations in a database of this name, and leave the connection as it was."""
    ours, of_tests = connection.settings_dict, connection.settings_dict["TEST"]
    before = ours["NAME"], of_tests["NAME"]
    try:
        of_tests["NAME"] = under
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        ours["NAME"], of_tests["NAME"] = before
        settings.DATABASES[connection.alias]["NAME"] = before[0]


def main() -> None:
    """Make it, if there is none yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings.test")
    django.setup()
    with template():
        pass


if __name__ == "__main__":
    main()
