"""`make demo`, once the packages are installed and the two servers run: everything else.

    python -m servicedesk.supervisor [--year]

Brings the tables up to date, plays the demo company once, then runs web, worker and beat together
until Ctrl-C: if one of them ends, all end. The supervisor itself imports nothing of Django; what
needs the desk is a process of its own.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Printer

from servicedesk.bootstrap import Missing, check_port

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
READY_WITHIN = 60.0


def processes(*, address: str, port: str) -> dict[str, list[str]]:
    """What runs, by name. docker-compose.yml starts the same three."""
    python = sys.executable
    return {
        "web": [
            python, "-m", "gunicorn", "servicedesk.wsgi", "--bind", f"{address}:{port}",
            "--worker-class", "gthread", "--workers", "2", "--threads", "8",
            "--no-control-socket", "--log-level", "warning",
        ],
        "worker": [
            python, "-m", "celery", "--quiet", "-A", "servicedesk", "worker", "--pool", "threads",
            "--concurrency", "2", "--loglevel", "WARNING",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ],
        "beat": [
            python, "-m", "celery", "--quiet", "-A", "servicedesk", "beat", "--loglevel", "WARNING",
            "--pidfile", "",
        ],
    }  # fmt: skip


def environment() -> dict[str, str]:
    """The demo's own settings, where the caller has not chosen."""
    given = dict(os.environ)
    given.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings.demo")
    given.setdefault("PORT", "8000")
    given["PYTHONUNBUFFERED"] = "1"
    # Celery warns at length of a worker that runs as root; on a machine for trying out it may.
    given.setdefault("PYTHONWARNINGS", "ignore::UserWarning:celery.platforms")
    if not given.get("SECRET_KEY"):
        given["SECRET_KEY"] = _secret_key()
    return given


def _secret_key() -> str:
    """One for all processes and starts: a session and a mailed link outlive a restart."""
    LOCAL.mkdir(exist_ok=True)
    path = LOCAL / "secret-key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()


def prepare(*, year: bool) -> int:
    """Bring the tables up to date and play the company, once. In a process of its own."""
    import django
    from django.core.management import CommandError, call_command
    from django.db import OperationalError, connection

    django.setup()
    try:
        connection.ensure_connection()
    except OperationalError as error:
        print(f"The database of DATABASE_URL does not let us in: {error}", file=sys.stderr)
        return 1
    try:
        say("Bringing the database up to date ...")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("seed_demo", year=year)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def announce(port: str) -> int:
    """Wait until the web process answers, then say where it is and who may sign in."""
    import django
    from django.core.management import call_command

    django.setup()
    address = f"http://localhost:{port}"
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):  # nosec B310
                break
        except OSError:
            time.sleep(0.2)
    else:
        say(f"The web process did not answer at {address} within {READY_WITHIN:.0f} seconds.")
        return 1
    say(f"\n  The desk is open:  {address}\n")
    call_command("demo_signins")
    say("\n  Ctrl-C stops it and keeps the data; `make reset` forgets them.\n")
    return 0


def say(words: str) -> None:
    """Progress, at once."""
    print(words, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m servicedesk.supervisor")
    parser.add_argument("--year", action="store_true", help="play a year instead of three months")
    parser.add_argument("--prepare", action="store_true", help="(started by the supervisor)")
    parser.add_argument("--announce", action="store_true", help="(started by the supervisor)")
    given = parser.parse_args(arguments)
    if given.prepare:
        return prepare(year=given.year)
    environ = environment()
    port = environ["PORT"]
    if given.announce:
        return announce(port)
    try:
        check_port(port)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1

    myself = [sys.executable, "-m", "servicedesk.supervisor"]
    try:
        year = ["--year"] if given.year else []
        status = subprocess.call([*myself, "--prepare", *year], env=environ, cwd=ROOT)
    except KeyboardInterrupt:
        status = -signal.SIGINT
    if status in {-signal.SIGINT, 128 + signal.SIGINT}:
        say("\nStopped before it was ready; the same command goes on from here.")
        return 128 + signal.SIGINT
    if status != 0:
        return 1

    say("Starting web, worker and beat ...")
    manager = Manager(Printer(sys.stdout, colour=sys.stdout.isatty()))
    for name, command in processes(address=environ.get("HOST") or "127.0.0.1", port=port).items():
        manager.add_process(name, "exec " + shlex.join(command), env=environ, cwd=str(ROOT))
    announcer = subprocess.Popen([*myself, "--announce"], env=environ, cwd=ROOT)
    # A closed terminal stops everything, as Ctrl-C does.
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    manager.loop()
    announcer.terminate()
    announcer.wait()
    # Ctrl-C is how one stops it: that is success, and make has nothing to complain about.
    return 0 if manager.returncode in {128 + signal.SIGINT, 128 + signal.SIGTERM} else 1


if __name__ == "__main__":
    sys.exit(main())
