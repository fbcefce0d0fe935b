"""Holds all processes of one stack, so that none outlives the tests, however those ended.

    python -m tests.processes.crew FOLDER

Reads one order a line (JSON) from its input and answers each with a line. When the input ends,
everything is killed. A process of its own with one thread: the servers are started as
`servicedesk.local` starts them, which must not be done beside threads.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from servicedesk.local.account import die_with_parent
from servicedesk.local.servers import START_WITHIN, Postgres, Server, Valkey


class Crew:
    """The processes of a stack, by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.servers: dict[str, Server] = {}

    def serve(self, name: str) -> dict[str, Any]:
        """Start `postgres` or `valkey`, for the second time where and as it was.

        One more of a kind, such as `postgres-2`, gets a folder of its own.
        """
        server = self.servers.get(name)
        if server is None:
            kind = Postgres if name.startswith("postgres") else Valkey
            base = self.folder if name == kind.name else self.folder / name
            server = self.servers[name] = kind(base, test=True)
            server.folder.mkdir(parents=True)
            for each in (server.folder, *server.folder.parents):
                each.chmod(0o711)
                if each == server.base:
                    break
            server.prepare()
        until = time.monotonic() + START_WITHIN
        while True:
            with (self.folder / f"{name}.log").open("ab") as log:
                process = self.running[name] = server.start(log)
            # One that was killed leaves children behind, for whom the next has to wait.
            while process.poll() is None and not server.answers():
                time.sleep(0.05)
            if process.poll() is None:
                return {"pid": process.pid, "url": server.url()}
            if time.monotonic() > until:
                raise RuntimeError(f"{name} does not start")
            time.sleep(0.2)

    def run(self, name: str, argv: list[str], environment: dict[str, str]) -> dict[str, Any]:
        """Start a process in a group of its own."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = self.running[name] = subprocess.Popen(
                argv,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 (one thread)
            )
        return {"pid": process.pid}

    def end(self, name: str, number: int, *, within: float = 30.0) -> dict[str, Any]:
        """Send a signal, to the whole group where it has one, and wait for the end."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            if name in self.servers:
                process.send_signal(number)
            else:
                os.killpg(process.pid, number)
        try:
            return {"status": process.wait(within)}
        except subprocess.TimeoutExpired:
            process.kill()
            return {"status": process.wait()}

    def finish(self) -> None:
        """Nothing stays."""
        for name in reversed(list(self.running)):
            stop = self.servers[name].stop_signal if name in self.servers else signal.SIGKILL
            self.end(name, stop)
        for server in self.servers.values():
            for folder in server.temporary:
                shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Orders in, answers out, until there are no more."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # whoever gives the orders decides
    crew = Crew(Path(sys.argv[1]).resolve())
    try:
        for line in sys.stdin:
            order = json.loads(line)
            try:
                answer = getattr(crew, order.pop("do"))(**order)
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), flush=True)
    finally:
        crew.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main())
