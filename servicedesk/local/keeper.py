"""The process that keeps one server running for as long as somebody uses it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from typing import IO

from servicedesk.local.account import LocalServerError
from servicedesk.local.servers import START_WITHIN, Server

STOP_WITHIN = 60.0  # seconds; a server that was busy writes everything before it leaves


def keep(server: Server, parent: int) -> int:
    """Run `server` until nobody uses it. The process of its own that `exec` starts.

    `parent` is a pipe on which the starter waits for one line: "ready", or what went wrong.
    """
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    _kept_open.append((server.folder / "keeping").open("ab"))
    fcntl.flock(_kept_open[-1], fcntl.LOCK_EX)
    with os.fdopen(parent, "w") as starter, server.log.open("ab", buffering=0) as log:
        process = None
        try:
            server.prepare()
            process = server.start(log)
            _await(server, process)
            _write_state(server, process)
            starter.write("ready\n")
        except (LocalServerError, OSError, subprocess.SubprocessError) as error:
            starter.write(f"{error}\n")
            _end(server, process)
            return 1
        starter.close()

        while not stopping and not _unused(server):
            time.sleep(0.2)
            if process.poll() is not None:
                log.write(b"keeper: the server has ended; starting it again\n")
                time.sleep(0.5)
                process = server.start(log)
                _write_state(server, process)
        _end(server, process)
    return 0


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_WITHIN
    while not server.answers():
        if process.poll() is not None:
            raise LocalServerError(f"{server.name} ended while starting: see {server.log}")
        if time.monotonic() > until:
            raise LocalServerError(f"{server.name} does not answer: see {server.log}")
        time.sleep(0.05)


def _write_state(server: Server, process: subprocess.Popen[bytes]) -> None:
    fresh = server.state.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    state = {
        "keeper": os.getpid(),
        "mark": server.mark(),
        "server": process.pid,
        "url": server.url(),
        "temporary": [str(folder) for folder in server.temporary],
    }
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        json.dump(state, file)
    fresh.replace(server.state)


# Kept open, and with them their locks, until the keeper's process has ended: `keeping` says that
# there is a keeper (the number of a process may be another's by now), `used` that it is leaving.
_kept_open: list[IO[bytes]] = []


def _unused(server: Server) -> bool:
    """Whether no command holds the folder. If so the lock is ours until this process ends."""
    file = (server.folder / "used").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _kept_open.append(file)
    return True


def _end(server: Server, process: subprocess.Popen[bytes] | None) -> None:
    server.state.unlink(missing_ok=True)
    if process is not None and process.poll() is None:
        process.send_signal(server.stop_signal)
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for folder in server.temporary:
        shutil.rmtree(folder, ignore_errors=True)
