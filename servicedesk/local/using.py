"""A command with servers at hand: start them or share them, and leave nothing behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from servicedesk.local.account import ROOT, LocalServerError, far_away
from servicedesk.local.keeper import STOP_WITHIN
from servicedesk.local.servers import Postgres, Server, Valkey


@contextlib.contextmanager
def using(server: Server) -> Iterator[tuple[str, int]]:
    """The server's URL, and the descriptor of the lock that keeps it running.

    Starts the server if it does not run; on leaving, waits for its end if nobody else uses it.
    Raises LocalServerError.
    """
    server.folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:  # the servers' user must pass through what we made, whatever the umask
        for folder in (server.folder, *server.folder.parents):
            folder.chmod(0o711)
            if folder == server.base:
                break
    with (server.folder / "used").open("ab") as used:
        # Waits while a keeper that found itself unused is shutting down.
        fcntl.flock(used, fcntl.LOCK_SH)
        state = _started(server)
        yield state["url"], used.fileno()
    _await_end(server, state["keeper"])


def _started(server: Server) -> dict[str, Any]:
    """The state of the running server, started by us if need be. One starter at a time."""
    with (server.folder / "starting").open("ab") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        state = server.read()
        if state is not None and not _lock_is_free(server, "keeping", fcntl.LOCK_SH):
            return state
        if state is not None:
            _forget(server, state)
        ours, theirs = os.pipe()
        command = [sys.executable, "-m", "servicedesk.local", "keep", server.name, str(theirs)]
        command += ["--base", str(server.base)] + (["--test"] if server.test else [])
        with server.log.open("ab") as log:
            keeper = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(theirs,),
                start_new_session=True,  # a Ctrl-C at the terminal is not for the servers
            )
        os.close(theirs)
        with os.fdopen(ours) as pipe:
            said = pipe.read().strip()
        state = server.read()
        if said != "ready" or state is None:
            keeper.wait()
            raise LocalServerError(said or f"{server.name} did not start: see {server.log}")
        return state


def _forget(server: Server, state: dict[str, Any]) -> None:
    """A keeper was killed: end the server it left, so that two never share a folder or a port."""
    server.state.unlink(missing_ok=True)
    if _alive(state["server"]) and state["mark"] in _command(state["server"]):
        with contextlib.suppress(ProcessLookupError):
            os.kill(state["server"], server.stop_signal)
        until = time.monotonic() + STOP_WITHIN
        while _alive(state["server"]) and time.monotonic() < until:
            time.sleep(0.1)
    for folder in state["temporary"]:
        shutil.rmtree(folder, ignore_errors=True)


def _command(pid: int) -> str:
    """What this process runs: it may be a later one that got the same number."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        listed = ["ps", "-o", "command=", "-p", str(pid)]
        return subprocess.run(listed, capture_output=True, text=True, check=False).stdout


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with contextlib.suppress(OSError):  # a zombie waits for a parent that never asks: it is dead
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def _await_end(server: Server, keeper: int) -> None:
    """Wait until the keeper we may have been the last user of has stopped."""
    until = time.monotonic() + STOP_WITHIN
    while time.monotonic() < until:
        if _lock_is_free(server, "keeping", fcntl.LOCK_SH):
            with contextlib.suppress(ChildProcessError):  # somebody else started it
                os.waitpid(keeper, 0)
            return
        unused = _lock_is_free(server, "used", fcntl.LOCK_EX)
        if not unused and _lock_is_free(server, "used", fcntl.LOCK_SH):
            return  # somebody else uses it; the keeper alone would hold it against LOCK_SH, too
        time.sleep(0.1)
    raise LocalServerError(f"{server.name} does not stop: see {server.log}")


def _lock_is_free(server: Server, name: str, kind: int) -> bool:
    with (server.folder / name).open("ab") as probe:
        try:
            fcntl.flock(probe, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def run(command: list[str], *, base: Path, test: bool) -> int:
    """Run `command` with both URLs in its environment. Returns its exit status."""
    environment = dict(os.environ)
    with contextlib.ExitStack() as stack:
        held = []
        for server in (Postgres(base, test=test), Valkey(base, test=test)):
            if environment.get(server.variable):
                continue
            environment[server.variable], descriptor = stack.enter_context(using(server))
            held.append(descriptor)
        # The command holds the lock too: killed without it, we do not take its servers away.
        process = subprocess.Popen(command, env=environment, pass_fds=held)
        # Ctrl-C reaches the command by itself; we only wait for what it makes of it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        status = process.wait()
    return status if status >= 0 else 128 - status


def forget(base: Path) -> int:
    """Delete all under `base`, and what root keeps elsewhere for it. Refuses while in use."""
    for test in (False, True):
        for server in (Postgres(base, test=test), Valkey(base, test=test)):
            if server.folder.exists() and not _lock_is_free(server, "used", fcntl.LOCK_EX):
                raise LocalServerError(
                    f"{server.name} is in use: stop `make demo` or the tests first, then reset."
                )
            shutil.rmtree(far_away(server.folder).parent, ignore_errors=True)
    shutil.rmtree(base, ignore_errors=True)
    return 0
