"""What a bare machine lacks is said in one sentence, before anything is installed."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from importlib.machinery import ModuleSpec

import pytest
from django.conf import settings

from servicedesk.bootstrap import Missing, check_port, check_python, check_venv_module


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_every_python_we_promise_is_let_through(version: tuple[int, int]) -> None:
    check_python(version)


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 15)])
def test_another_python_is_told_which_ones_will_do(version: tuple[int, int]) -> None:
    with pytest.raises(Missing, match=r"^This is Python 3\.\d+; the desk needs 3\.11 to 3\.14: "):
        check_python(version)


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    real = importlib.util.find_spec

    def without(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == absent else real(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    with pytest.raises(Missing, match=r"apt install python3\.\d+-venv"):
        check_venv_module()


def test_a_taken_port_is_told_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            ["make", "--silent", "demo", f"PORT={port}", f"PYTHON={sys.executable}"],
            cwd=settings.ROOT,
            env={k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL"}},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.startswith(f"Port {port} is taken")
    assert f"PORT={port + 1}" in done.stderr


def test_a_free_port_is_let_through() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    check_port(str(port))


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1"])
def test_a_port_that_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(Missing, match="^PORT must be a number"):
        check_port(port)


def test_the_check_itself_is_readable_by_an_old_python() -> None:
    source = (settings.ROOT / "servicedesk" / "bootstrap.py").read_text()
    compile(source, "bootstrap.py", "exec", _feature_version=6)
