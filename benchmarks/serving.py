"""Web processes and a worker as production runs them, and clients that ask them over HTTP."""

from __future__ import annotations

import http.client
import itertools
import os
import secrets
import signal
import socket
import statistics
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servicedesk.supervisor import processes

HOST = "localhost"
READY_WITHIN = 60.0
CSRF = "bench" + "0" * 27
"""A token of our own making: the cookie and the form say the same."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a client."""

    path: str
    session: str
    form: str | None = None
    """What is sent; None: it is only read."""


@dataclass(frozen=True, slots=True)
class Times:
    """What a number of requests took, on the clock of the client, in milliseconds."""

    clients: int
    count: int
    p50: float
    p95: float
    per_second: float


def settings(folder: Path) -> dict[str, str]:
    """The environment of production, with a proxy in front that speaks TLS."""
    return {
        "DJANGO_SETTINGS_MODULE": "servicedesk.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
        "BEHIND_TLS_PROXY": "yes",
        "EMAIL_HOST": "localhost",
        "DEFAULT_FROM_EMAIL": "desk@desk.example",
        "STATIC_ROOT": str(folder / "static"),
        "LIMIT_SEARCH": "1000000/m/user",
    }


@contextmanager
def served(log: Path) -> Iterator[tuple[int, dict[str, list[int]]]]:
    """Two web processes and a worker, who write to `log`; the port, and their ids by name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    commands = processes(address="127.0.0.1", port=str(port))
    web = [*commands["web"], "--access-logfile", "-"]
    worker = [*commands["worker"], "--queues", "bench"]  # nobody else's ticks
    with log.open("wb") as said:
        running = [
            subprocess.Popen(one, stdout=said, stderr=said, start_new_session=True)
            for one in (web, worker)
        ]
        try:
            _await(port)
            yield port, {"web": [running[0].pid], "worker": [running[1].pid]}
        finally:
            for one in running:
                one.send_signal(signal.SIGTERM)
            for one in running:
                one.wait(30)


def _await(port: int) -> None:
    until = time.monotonic() + READY_WITHIN
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def measure(
    port: int, ask: Callable[[int], Ask], *, clients: int, warm: int, seconds: float, most: int
) -> Times:
    """So many clients, each asking again as soon as it was answered, for so many seconds."""
    numbers, took, failures = itertools.count(), [], []
    lock, start = threading.Lock(), threading.Barrier(clients + 1)
    end = [0.0]

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            for _ in range(max(1, warm // clients)):
                with lock:
                    number = next(numbers)
                _once(connection, ask(number))
            start.wait()
            mine = []
            while time.perf_counter() < end[0]:
                with lock:
                    number = next(numbers)
                if number >= most:
                    break
                wanted = ask(number)
                begin = time.perf_counter()
                _once(connection, wanted)
                mine.append((time.perf_counter() - begin) * 1000)
            took.extend(mine)
        except Exception as error:
            failures.append(error)
            start.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for one in threads:
        one.start()
    end[0] = time.perf_counter() + 3600
    try:
        start.wait()
    except threading.BrokenBarrierError:
        raise failures[0] from None
    begin = time.perf_counter()
    end[0] = begin + seconds
    for one in threads:
        one.join()
    whole = time.perf_counter() - begin
    if failures:
        raise failures[0]
    took.sort()
    return Times(
        clients,
        len(took),
        round(statistics.median(took), 1),
        round(took[min(len(took) - 1, len(took) * 95 // 100)], 1),
        round(len(took) / whole, 1),
    )


def _once(connection: http.client.HTTPConnection, ask: Ask) -> bytes:
    headers = {
        "Host": HOST,
        "X-Forwarded-Proto": "https",
        "Cookie": f"sessionid={ask.session}; csrftoken={CSRF}",
        "Accept": "text/html",
    }
    method, body = ("GET", None) if ask.form is None else ("POST", ask.form)
    if body is not None:
        headers |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://{HOST}/",
        }
    try:
        connection.request(method, ask.path, body=body, headers=headers)
        answer = connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        connection.close()  # the server had put an idle connection away
        connection.request(method, ask.path, body=body, headers=headers)
        answer = connection.getresponse()
    said = answer.read()
    if answer.status != (200 if ask.form is None else 302):
        raise RuntimeError(f"{ask.path}: {answer.status} {said[:300]!r}")
    return said


def memory(pids: list[int]) -> float:
    """Megabytes of these processes and their children, shared pages divided among who shares."""
    whole, waiting = 0, list(pids)
    while waiting:
        pid = waiting.pop()
        for task in Path(f"/proc/{pid}/task").iterdir():
            waiting += [int(one) for one in (task / "children").read_text().split()]
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                whole += int(line.split()[1])
    return round(whole / 1024, 1)


def load() -> str:
    """What else the machine is doing: the load averages."""
    return " ".join(f"{one:.2f}" for one in os.getloadavg())
