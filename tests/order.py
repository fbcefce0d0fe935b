"""Which browser and process tests go together on one process of `make e2e`, and which begin.

With `--dist loadscope` a process that is free takes the next group. So that none is left over at
the end, the longest begin: the tests that kill processes, which mostly wait; then the story that
needs a desk of its own; then file by file, so that what a module's fixture makes is made once; and
at last, one by one, those that only look at the world, of which every process has one.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling

FOLDERS = {"process": "tests/processes/", "e2e": "tests/e2e/"}
"""Where the tests of a marker lie: `make e2e` reads no others."""
OWN_DESK = "tests/e2e/test_from_nothing.py"
ONE_BY_ONE = (
    "tests/e2e/test_every_page.py",
    "tests/e2e/test_faults.py",
    "tests/e2e/test_narrow.py",
)


class Groups(LoadScopeScheduling):
    """What goes together, to xdist."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(FOLDERS["process"]):
            return FOLDERS["process"]
        return nodeid if nodeid.startswith(ONE_BY_ONE) else nodeid.partition("::")[0]


def put_in_order(items: list[pytest.Item]) -> None:
    """What begins. Tests without a browser keep their places."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    for marker, folder in FOLDERS.items():
        if item.get_closest_marker(marker) and not item.nodeid.startswith(folder):
            raise pytest.UsageError(f"{item.nodeid} is marked {marker}: it belongs into {folder}.")
    if item.nodeid.startswith(FOLDERS["process"]):
        return 0
    if item.nodeid.startswith(OWN_DESK):
        return 1
    return 3 if item.nodeid.startswith(ONE_BY_ONE) else 2
