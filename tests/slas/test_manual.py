"""What docs/sla.md says of the tests is true: each one that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
MANUAL = (TESTS.parent / "docs" / "sla.md").read_text()
NAMED = re.findall(r"`([a-z_/]+\.py)::(test_[a-z0-9_]+)`", MANUAL)


def test_every_test_that_the_manual_names_exists() -> None:
    written = {path: (TESTS / path).read_text() for path, _ in set(NAMED)}
    assert [name for path, name in NAMED if f"def {name}(" not in written[path]] == []


def test_every_sentence_of_the_manuals_table_has_its_test() -> None:
    table = MANUAL.partition("## Every sentence and its test")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 100
    without = [row for row in rows if "::test_" not in row and not row.startswith("| **")]
    assert without == []
