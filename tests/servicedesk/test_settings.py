"""Production starts whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "servicedesk.settings.production",
    "DATABASE_URL": "postgresql://desk:pw@db.example/desk",
    "REDIS_URL": "redis://broker.example/0",
    "SECRET_KEY": "k3Jv9sQmXw7Zp2Rt5Yb8Nc1Lf4Hd6Ga0Ue-Io_Ts!Wq@Ex#Vz$Bm%",
    "ALLOWED_HOSTS": "desk.example",
    "BASE_URL": "https://desk.example",
    "EMAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "desk@desk.example",
}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    """Load the production settings in a process with nothing else in its environment."""
    environment = {"PATH": os.defpath} | COMPLETE | changes
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); print('started')"],
        cwd=settings.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_nothing_is_missing() -> None:
    done = start()
    assert (done.stdout, done.stderr) == ("started\n", "")


@pytest.mark.parametrize("name", sorted(set(COMPLETE) - {"DJANGO_SETTINGS_MODULE"}))
def test_production_names_the_variable_it_misses(name: str) -> None:
    done = start(**{name: ""})
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "yes"),
        ("SECRET_KEY", "changeme"),
        ("SECRET_KEY", "x" * 60),
        ("SECURE_COOKIES", "no"),
        ("BASE_URL", "http://desk.example"),
        ("ALLOWED_HOSTS", "*"),
    ],
)
def test_production_refuses_what_would_leave_a_door_open(name: str, value: str) -> None:
    done = start(**{name: value})
    assert done.returncode != 0
    assert f"- {name} must" in done.stderr
    assert done.stdout == ""


def test_the_demo_needs_no_secret_but_the_servers() -> None:
    done = start(DJANGO_SETTINGS_MODULE="servicedesk.settings.demo", SECRET_KEY="", BASE_URL="")
    assert (done.stdout, done.stderr) == ("started\n", "")


def test_only_the_demo_is_a_demo() -> None:
    shown = [
        path.stem
        for path in sorted((Path(settings.ROOT) / "servicedesk" / "settings").glob("*.py"))
        if "DEMO = True" in path.read_text()
    ]
    assert shown == ["demo"]
