"""The two private servers: started, shared, alive after a crash, and gone at the end."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.conf import settings

from servicedesk.local.account import far_away

pytestmark = pytest.mark.process

ASK = (
    "import os, psycopg2, redis;"
    "c = psycopg2.connect(os.environ['DATABASE_URL']); c.autocommit = True;"
    "k = c.cursor(); k.execute({sql!r}); print(k.fetchone()[0]);"
    "print(redis.Redis.from_url(os.environ['REDIS_URL']).ping())"
)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Path]:
    """A folder for servers, forgotten at the end; for root out of the servers' user's reach."""
    yield from folder_in(tmp_path)


def folder_in(path: Path) -> Iterator[Path]:
    path.chmod(0o700)
    yield path / ".local"
    subprocess.run(command("reset", path / ".local"), check=True, env=environment())


def environment(**given: str) -> dict[str, str]:
    """No server of the outer tests must be taken for ours."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | given | {"PYTHONPATH": str(settings.ROOT)}


def command(action: str, base: Path, *rest: str) -> list[str]:
    return [sys.executable, "-m", "servicedesk.local", action, "--base", str(base), *rest]


def ask(
    base: Path, sql: str = "SELECT 1", *, flags: Sequence[str] = ("--test",), **given: str
) -> list[str]:
    """What the servers answer to one statement and one ping, in a command of their own."""
    done = subprocess.run(
        command("exec", base, *flags, "--", sys.executable, "-c", ASK.format(sql=sql)),
        env=environment(**given),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def state(base: Path, name: str) -> dict[str, int]:
    found: dict[str, int] = json.loads((base / "test" / name / "server.json").read_text())
    return found


def everything(base: Path) -> list[int]:
    """The four processes: two keepers and their servers."""
    found = [state(base, name) for name in ("postgres", "valkey")]
    return [each[who] for each in found for who in ("keeper", "server")]


@pytest.fixture
def holding(base: Path) -> Iterator[subprocess.Popen[str]]:
    """A command that uses the servers until its input is closed."""
    yield from command_that_holds(base)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of servers that run, for tests that only look."""
    for base in folder_in(tmp_path_factory.mktemp("running")):
        for _ in command_that_holds(base):
            yield base


def command_that_holds(base: Path) -> Iterator[subprocess.Popen[str]]:
    holder = subprocess.Popen(
        command("exec", base, "--test", "--", sys.executable, "-c",
                "import os; print('ready', flush=True); input()"),
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "ready\n"
    yield holder
    if not holder.stdin.closed:
        holder.stdin.close()
    holder.stdout.close()
    holder.wait(60)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(what: str, holds: object, within: float = 30.0) -> None:
    assert callable(holds)
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def test_a_command_gets_both_servers_and_data_outlive_it(base: Path) -> None:
    assert ask(base, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7) RETURNING n") == [
        "7",
        "True",
    ]
    assert not (base / "test" / "postgres" / "server.json").exists()
    assert ask(base, "SELECT n FROM kept") == ["7", "True"]


def test_the_exit_status_of_the_command_is_passed_on(base: Path) -> None:
    script = "raise SystemExit(7)"
    done = subprocess.run(
        command("exec", base, "--test", "--", sys.executable, "-c", script),
        env=environment(),
        check=False,
    )
    assert done.returncode == 7


def test_a_second_command_shares_the_servers_and_does_not_stop_them(running: Path) -> None:
    before = state(running, "postgres")
    assert ask(running) == ["1", "True"]
    assert state(running, "postgres") == before
    assert alive(before["server"])


def test_the_last_command_to_end_stops_the_servers(
    base: Path, holding: subprocess.Popen[str]
) -> None:
    pids = [
        state(base, name)[who] for name in ("postgres", "valkey") for who in ("keeper", "server")
    ]
    assert all(map(alive, pids))
    assert holding.stdin is not None
    holding.stdin.close()
    holding.wait(60)
    assert [pid for pid in pids if alive(pid)] == []


def test_a_killed_command_leaves_no_server_behind(
    base: Path, holding: subprocess.Popen[str]
) -> None:
    pids = [
        state(base, name)[who] for name in ("postgres", "valkey") for who in ("keeper", "server")
    ]
    holding.kill()
    # The command's own child still holds the lock; it ends with its input.
    assert holding.stdin is not None
    holding.stdin.close()
    wait_until("servers outlived their command", lambda: not any(map(alive, pids)))


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_server_that_is_killed_is_started_again(
    base: Path, holding: subprocess.Popen[str], name: str
) -> None:
    before = state(base, name)
    os.kill(before["server"], signal.SIGKILL)
    wait_until("no new server", lambda: state(base, name)["server"] != before["server"])
    assert state(base, name)["url"] == before["url"]

    def answers() -> bool:
        try:
            return ask(base) == ["1", "True"]
        except AssertionError:
            return False

    wait_until("the new server does not answer", answers, within=60)


def test_committed_data_survive_a_crash_of_everything(base: Path) -> None:
    # The demo's servers: those of tests trade exactly this for speed.
    keep = "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7) RETURNING n"
    kill = (
        "import json, os, signal, sys;"
        f"found = json.load(open({str(base / 'postgres' / 'server.json')!r}));"
        "[os.kill(found[who], signal.SIGKILL) for who in ('keeper', 'server')];"
        "print(found['server'])"
    )
    script = f"{ASK.format(sql=keep)};{kill}"
    killed = subprocess.run(
        command("exec", base, "--", sys.executable, "-c", script),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    server = int(killed.stdout.split()[-1])
    wait_until("killed", lambda: not alive(server))
    assert ask(base, "SELECT n FROM kept", flags=()) == ["7", "True"]


def test_after_a_killed_keeper_no_two_servers_share_a_folder(
    base: Path, holding: subprocess.Popen[str]
) -> None:
    found = state(base, "postgres")
    os.kill(found["keeper"], signal.SIGKILL)
    assert ask(base) == ["1", "True"]
    wait_until("two servers", lambda: not alive(found["server"]))


def test_an_address_that_is_given_is_used_as_it_is(base: Path) -> None:
    theirs = os.environ["REDIS_URL"]
    assert ask(base, REDIS_URL=theirs) == ["1", "True"]
    assert not (base / "test" / "valkey").exists()


def test_secrets_are_readable_by_their_owner_only(running: Path) -> None:
    folder = running / "test" / "postgres"
    for path in (folder / "password", folder / "server.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert (folder / "password").read_text() not in listed.stdout


def test_no_folder_above_is_opened_to_others(running: Path) -> None:
    assert stat.S_IMODE(running.parent.stat().st_mode) == 0o700
    data = running / "test" / "postgres" / "data"
    if os.geteuid() == 0:
        data = far_away(data.parent) / "data"
        assert data.stat().st_uid != 0
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_data_in_use_are_not_forgotten(running: Path) -> None:
    done = subprocess.run(
        command("reset", running), env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "is in use: stop" in done.stderr
    assert (running / "test" / "postgres").exists()


def test_importing_starts_nothing() -> None:
    script = (
        "import os, subprocess, sys; os.fork = subprocess.Popen = None;"
        "import servicedesk.local.__main__, servicedesk.settings.test; print('quiet')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(DATABASE_URL="postgresql:///x", REDIS_URL="redis://x"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("quiet\n", "")
