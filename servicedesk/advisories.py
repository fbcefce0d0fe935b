"""What `make lint` asks pip-audit: has any locked package a known vulnerability?

    python -m servicedesk.advisories requirements/production.txt

A vulnerability that is known fails. An advisory service that cannot be reached does not, because
nobody can work where it is not; but then it is said, and never taken for an answer. That is why
this stands before pip-audit, which takes a mirror that knows no advisories for good news.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOT_AUDITED = "not audited: the advisory service cannot be reached"
LONGEST = 300.0
"""Seconds until an answer is given up."""
AWAY = (
    "Could not connect",
    "ConnectionError",
    "ConnectTimeout",
    "HTTPError",
    "MaxRetryError",
    "NameResolutionError",
    "ProxyError",
    "ReadTimeout",
    "SSLError",
    "ServiceError",
    "not redirecting",
    "timed out",
)
"""Words by which pip-audit, or what it uses, says that nobody answered."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said, and whether it fails."""

    words: str
    fails: bool


def judge(status: int, printed: str, complaints: str) -> Verdict:
    """What pip-audit's exit status, JSON and standard error amount to."""
    try:
        packages: list[dict[str, Any]] = json.loads(printed)["dependencies"]
    except (ValueError, KeyError, TypeError):
        if status and any(words in complaints for words in AWAY):
            return Verdict(NOT_AUDITED, fails=False)
        return Verdict(f"pip-audit did not work:\n{complaints.strip()}", fails=True)
    found = [_finding(one, bug) for one in packages for bug in one.get("vulns", [])]
    asked = [one for one in packages if "skip_reason" not in one]
    left_out = [one["name"] for one in packages if "skip_reason" in one]
    if found:
        return Verdict("known vulnerabilities:\n" + "\n".join(found), fails=True)
    if status:
        return Verdict(f"pip-audit did not work:\n{complaints.strip()}", fails=True)
    if not asked:
        why = f" (it knows none of the {len(left_out)} packages)" if left_out else ""
        return Verdict(NOT_AUDITED + why, fails=False)
    words = f"{len(asked)} packages audited: no known vulnerability"
    if left_out:
        words += f"; not audited, for the service does not know them: {', '.join(left_out)}"
    return Verdict(words, fails=False)


def _finding(package: dict[str, Any], bug: dict[str, Any]) -> str:
    names = ", ".join([bug["id"], *bug.get("aliases", [])])
    mended = ", ".join(bug.get("fix_versions", [])) or "no version yet"
    return f"- {package['name']} {package['version']}: {names}; mended in {mended}"


def audit(lists: Sequence[str], *, program: Sequence[str] = ()) -> Verdict:
    """Ask about every package of these locked lists."""
    beside = str(Path(sys.executable).with_name("pip-audit"))
    files = [word for name in lists for word in ("--requirement", name)]
    options = "--disable-pip --require-hashes --progress-spinner=off --format=json --timeout=10"
    command = [*(program or (beside,)), *files, *options.split()]
    try:
        asked = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        return Verdict(NOT_AUDITED, fails=False)
    return judge(asked.returncode, asked.stdout, asked.stderr)


def main(lists: Sequence[str]) -> int:
    """Say it; the exit status."""
    verdict = audit(lists)
    print(f"{', '.join(lists)}: {verdict.words}")
    return int(verdict.fails)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
