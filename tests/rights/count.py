"""Say how many cells the table of rights has: `python -m tests.rights.count`."""

from __future__ import annotations

import os

import django


def main() -> None:
    """Print the number of addresses and of cells."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings.test")
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@/nothing")
    django.setup()
    from tests.rights import table

    print(f"{len(table.addresses())} addresses, {table.count()} cells")


if __name__ == "__main__":
    main()
