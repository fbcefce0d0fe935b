"""The audit of packages fails for what is known, and never takes silence for an answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from servicedesk import advisories

SOUND: dict[str, Any] = {"name": "django", "version": "5.2.1", "vulns": []}
ILL: dict[str, Any] = {
    "name": "nh3",
    "version": "0.2",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["0.3"]}],
}
UNKNOWN: dict[str, Any] = {"name": "amqp", "skip_reason": "not found and could not be audited"}


def _printed(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


def test_a_known_vulnerability_fails_and_names_package_and_remedy() -> None:
    verdict = advisories.judge(1, _printed(SOUND, ILL, UNKNOWN), "Found 1 known vulnerability")
    assert verdict.fails
    assert "nh3 0.2: PYSEC-1, CVE-1; mended in 0.3" in verdict.words


def test_nothing_found_says_how_many_were_audited_and_which_were_not() -> None:
    assert advisories.judge(0, _printed(SOUND), "").words == (
        "1 packages audited: no known vulnerability"
    )
    verdict = advisories.judge(0, _printed(SOUND, UNKNOWN), "")
    assert not verdict.fails
    assert "does not know them: amqp" in verdict.words


@pytest.mark.parametrize(
    "complaints",
    [
        "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed",
        "requests.exceptions.ConnectionError: HTTPSConnectionPool: Max retries exceeded",
        "requests.exceptions.ReadTimeout: Read timed out. (read timeout=10)",
        "raise ServiceError from http_error",
    ],
)
def test_a_service_that_is_away_is_said_and_does_not_fail(complaints: str) -> None:
    verdict = advisories.judge(1, "", complaints)
    assert verdict == advisories.Verdict(
        "not audited: the advisory service cannot be reached", fails=False
    )


def test_a_mirror_that_knows_no_package_is_not_taken_for_good_news() -> None:
    verdict = advisories.judge(0, _printed(UNKNOWN, UNKNOWN), "No known vulnerabilities found")
    assert verdict.words.startswith("not audited: the advisory service cannot be reached")
    assert "none of the 2" in verdict.words


@pytest.mark.parametrize(
    ("status", "printed", "complaints"),
    [
        (1, "", "ERROR:pip_audit._cli:invalid requirements input: requirements/none.txt"),
        (2, "", "usage: pip-audit"),
        (0, "No known vulnerabilities found", ""),
        (1, _printed(SOUND), "something else"),
    ],
)
def test_an_audit_that_did_not_work_fails(status: int, printed: str, complaints: str) -> None:
    assert advisories.judge(status, printed, complaints).fails


def test_a_service_that_never_answers_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advisories, "LONGEST", 0.2)
    program = tmp_path / "audit.py"
    program.write_text("import time\ntime.sleep(30)\n")
    verdict = advisories.audit(["some.txt"], program=[sys.executable, str(program)])
    assert verdict == advisories.Verdict(advisories.NOT_AUDITED, fails=False)


def test_what_the_program_says_is_what_is_judged(tmp_path: Path) -> None:
    program = tmp_path / "audit.py"
    program.write_text(
        "import sys\n"
        "assert '--require-hashes' in sys.argv and 'some.txt' in sys.argv\n"
        f"print({_printed(ILL)!r})\n"
        "sys.exit(1)\n"
    )
    verdict = advisories.audit(["some.txt"], program=[sys.executable, str(program)])
    assert verdict.fails
    assert "PYSEC-1" in verdict.words
