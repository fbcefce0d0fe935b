"""Who runs the servers, and where what they need lies."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
FAR_AWAY = Path("/var/lib/servicedesk")  # where root keeps what an unprivileged user must reach


class LocalServerError(Exception):
    """Says in one sentence what is missing and what to do."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user the servers run as; `switch` only where we are root."""

    uid: int
    gid: int
    switch: bool

    def popen(self) -> dict[str, Any]:
        """What subprocess needs to become this user."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def reaches(self, *paths: Path) -> bool:
        """Whether this user may go to all of these folders, tried rather than computed."""
        script = 'for path; do cd "$path" || exit 1; done'
        done = subprocess.run(
            ["/bin/sh", "-c", script, "sh", *map(str, paths)],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **self.popen(),
        )
        return done.returncode == 0


def account(folder: Path) -> Account:
    """Ourselves; for root the owner of what is there, else of the project, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    for path in (folder / "data", folder, ROOT):
        with contextlib.suppress(FileNotFoundError):
            owner = path.stat()
            if owner.st_uid != 0 and _known(owner.st_uid):
                return Account(owner.st_uid, owner.st_gid, switch=True)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise LocalServerError(
            "There is no user `nobody` to run PostgreSQL as: start as an ordinary user, or set "
            "DATABASE_URL and REDIS_URL."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid, switch=True)


def _known(uid: int) -> bool:
    """PostgreSQL insists on a user with a name."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def installed(module: str) -> Path:
    """The folder of an installed package, found without importing it."""
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise LocalServerError(
            f"The Python package {module.replace('_', '-')} is not installed: install "
            "requirements/local.txt, or set DATABASE_URL and REDIS_URL."
        )
    return Path(found.origin).parent


def die_with_parent() -> Callable[[], None] | None:
    """On Linux a server gets SIGINT when its keeper is killed; else the next start cleans up."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1

    def before_exec() -> None:
        libc.prctl(set_parent_death_signal, signal.SIGINT, 0, 0, 0)

    return before_exec


def far_away(folder: Path) -> Path:
    """Root's place for what lies in `folder` but must be reached by an unprivileged user."""
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return FAR_AWAY / digest / folder.name


def make_far_away(folder: Path) -> Path:
    """Make that place, and let everyone pass through it, but not look around."""
    far = far_away(folder)
    far.mkdir(parents=True, exist_ok=True)
    for each in (far, *far.parents):
        each.chmod(0o711)
        if each == FAR_AWAY:
            break
    return far
