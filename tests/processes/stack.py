"""A whole desk on this machine for tests: both servers, web, worker and beat, each to be killed.

The processes are those of `make demo` (`servicedesk.supervisor.processes`), on free ports, in a
folder that is deleted at the end.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from servicedesk.local.account import far_away
from servicedesk.supervisor import processes
from tests.processes import databases
from tests.processes.catcher import MailCatcher

ROOT = Path(settings.ROOT)
SERVERS = ("valkey", "postgres")
OURS = ("web", "worker", "beat")
QUICK = {
    "SLA_SWEEP_SECONDS": "1",
    "NOTICE_DELIVER_SECONDS": "1",
    "NOTICE_BURST_SECONDS": "1",
    "FEEDBACK_INVITE_AFTER_SECONDS": "1",
    "FEEDBACK_ADVANCE_SECONDS": "1",
}
"""Time in seconds instead of minutes."""


def wait_until(what: str, holds: Callable[[], Any], within: float = 40.0) -> Any:
    """Ask again and again; what was answered at last. Fails with `what`."""
    until = time.monotonic() + within
    while not (answer := holds()):
        assert time.monotonic() < until, f"not within {within:.0f} s: {what}"
        time.sleep(0.1)
    return answer


class Stack:
    """Starts everything; `close` ends it."""

    def __init__(self, database: str = "", **waits: str) -> None:
        """On the `database` of this address, or with a PostgreSQL of its own that may be killed and
        has no tables yet. `waits`: the environment's seconds, where QUICK is wrong.
        """
        (ROOT / ".local").mkdir(mode=0o711, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="stack-", dir=ROOT / ".local"))
        self.port = free_port()
        self.mail = MailCatcher()
        self._clock = self.folder / "clock"
        self.set_clock(0)
        self._crew = subprocess.Popen(
            [sys.executable, "-m", "tests.processes.crew", str(self.folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.pids: dict[str, int] = {}
        self.urls: dict[str, str] = {}
        if database:
            self.urls["postgres"] = database
        self.servers = tuple(name for name in SERVERS if name not in self.urls)
        for name in self.servers:
            self.serve(name)
        self.environment = self._environment(waits)

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    def _environment(self, waits: dict[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            **QUICK,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "tests.processes.settings",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "DATABASE_URL": self.urls["postgres"],
            "REDIS_URL": self.urls["valkey"],
            "PORT": str(self.port),
            "BASE_URL": self.base_url,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail.port),
            "CLOCK_IS_WRONG_BY": str(self._clock),
            **waits,
        }

    # Orders

    def _order(self, do: str, **given: Any) -> dict[str, Any]:
        assert self._crew.stdin is not None
        assert self._crew.stdout is not None
        self._crew.stdin.write(json.dumps({"do": do, **given}) + "\n")
        self._crew.stdin.flush()
        answer: dict[str, Any] = json.loads(self._crew.stdout.readline())
        if "error" in answer:
            raise RuntimeError(f"{do} {given.get('name')}: {answer['error']}")
        return answer

    def serve(self, name: str) -> None:
        """Start a server; wait until it answers."""
        answer = self._order("serve", name=name)
        self.pids[name] = answer["pid"]
        self.urls[name] = answer["url"]

    def run(self, name: str, kind: str = "", port: int = 0, /, **environment: str) -> None:
        """Start web, worker or beat; `name` may be another than the kind's, for a second one."""
        argv = processes(address="127.0.0.1", port=str(port or self.port))[kind or name]
        answer = self._order(
            "run", name=name, argv=argv, environment=self.environment | environment
        )
        self.pids[name] = answer["pid"]

    def kill(self, *names: str, number: int = signal.SIGKILL) -> None:
        """End these at once (SIGKILL) or as told."""
        for name in names:
            self._order("end", name=name, number=int(number))
            del self.pids[name]

    def start(self) -> None:
        """Start what does not run; wait until pages are served."""
        for name in (*self.servers, *OURS):
            if name not in self.pids:
                self.serve(name) if name in SERVERS else self.run(name)
        self.mail.start()
        self.mail.answering.set()
        wait_until("the web process answers", self.answers, 90)

    def answers(self) -> bool:
        """Whether pages are served."""
        try:
            with urllib.request.urlopen(f"{self.base_url}/readyz", timeout=5):  # noqa: S310
                return True
        except OSError:
            return False

    def manage(self, *arguments: str, ends: int = 0, **environment: str) -> str:
        """Run a command of the desk to its end; what it said."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == ends, done.stdout + done.stderr
        return done.stdout + done.stderr

    def close(self) -> None:
        """End everything and forget it."""
        self.mail.stop()
        assert self._crew.stdin is not None
        assert self._crew.stdout is not None
        self._crew.stdin.close()
        self._crew.wait(60)
        self._crew.stdout.close()
        for server in self.servers:
            shutil.rmtree(far_away(self.folder / "test" / server).parent, ignore_errors=True)
        shutil.rmtree(self.folder)

    def set_clock(self, wrong_by: float) -> None:
        """Let the clock of web, worker and beat go wrong by so many seconds, while they run."""
        new = self.folder / "clock.new"
        new.write_text(str(wrong_by))
        new.replace(self._clock)

    # Looking in

    @contextmanager
    def inside(self) -> Iterator[None]:
        """For as long, this process' Django works on the stack's database, with its settings."""
        numbers = {name: int(value) for name, value in self.environment.items() if name in QUICK}
        given = override_settings(
            SECRET_KEY=self.environment["SECRET_KEY"], BASE_URL=self.base_url, **numbers
        )
        with databases.looking_at(self.urls["postgres"]), given:
            yield

    def logs(self) -> list[tuple[str, str]]:
        """The end of what each process said."""
        return [
            (path.stem, "".join(path.read_text(errors="replace").splitlines(keepends=True)[-60:]))
            for path in sorted(self.folder.glob("*.log"))
        ]


@contextmanager
def running_desk(blocker: DjangoDbBlocker, **waits: str) -> Iterator[Stack]:
    """Web, worker and beat on an empty database that others share a server with."""
    with ExitStack() as desk:
        stack = Stack(desk.enter_context(databases.empty_desk(blocker)), **waits)
        desk.callback(stack.close)
        stack.start()
        yield stack


def free_port() -> int:
    """A port of the loopback address that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
