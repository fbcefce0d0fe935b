"""What `make` runs before anything is installed: checks this machine, then makes `.venv`.

    python3 servicedesk/bootstrap.py requirements/local.txt [--port 8000]

Runs on the standard library alone, and far enough on an old Python to say that it is old: so no
syntax here is younger than Python 3.6. Everything that is missing gets one sentence that says what
to do, and exit status 1.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST, NEWEST = (3, 11), (3, 14)


class Missing(Exception):
    """One sentence: what is missing, and what to do."""


def check_python(version: tuple) -> None:
    """Raises Missing unless the locked packages are made for this Python (major, minor)."""
    if not OLDEST <= tuple(version[:2]) <= NEWEST:
        raise Missing(
            "This is Python {}.{}; the desk needs {}.{} to {}.{}: install one, or name it: "
            "make demo PYTHON=/path/to/python3.12".format(*(tuple(version[:2]) + OLDEST + NEWEST))
        )


def check_venv_module() -> None:
    """Raises Missing where Python came without venv or without pip for it."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Missing(
            "This Python has no venv module: install it (on Debian and Ubuntu: "
            "apt install python{}.{}-venv), then run make again.".format(*sys.version_info[:2])
        )


def check_port(port: str) -> None:
    """Raises Missing when the web address cannot be ours."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Missing(f"PORT must be a number from 1 to 65535, not {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            raise Missing(
                f"Port {port} is for root only: choose another, for example make demo PORT=8001"
            ) from None
        except OSError:
            raise Missing(
                f"Port {port} is taken, perhaps by a demo that still runs: stop that program, or "
                f"choose another port, for example make demo PORT={int(port) % 65535 + 1}"
            ) from None


def works(python: str) -> bool:
    """Whether this virtual environment is whole: folders are moved, Pythons are removed."""
    try:
        return subprocess.call([python, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def stamp(requirements: str) -> str:
    """What the environment was made of, so that a second start installs nothing."""
    with open(requirements, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def install(requirements: str) -> None:
    """Make `.venv` hold exactly these versions, each checked against its hash."""
    wanted = stamp(os.path.join(ROOT, requirements))
    name = os.path.splitext(os.path.basename(requirements))[0]
    # What the tests need includes what the demo needs.
    for candidate in (name, "dev"):
        path = os.path.join(VENV, "installed-" + candidate)
        if os.path.exists(path):
            with open(path) as file:
                made_of = file.read().split()
            expected = stamp(os.path.join(ROOT, "requirements", candidate + ".txt"))
            if made_of == [expected] and works(PYTHON):
                return
    if not works(PYTHON):
        python = "{}.{}".format(*sys.version_info[:2])
        say(f"Making a virtual environment in .venv (Python {python}) ...")
        shutil.rmtree(VENV, ignore_errors=True)
        if subprocess.call([sys.executable, "-m", "venv", VENV]) != 0:
            raise Missing("The virtual environment could not be made: see above.")
    say(f"Installing packages from {requirements}, each checked against its hash ...")
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "-r", os.path.join(ROOT, requirements)]
    if subprocess.call(command) != 0:
        raise Missing(
            "The packages could not be installed: see above. The first start needs a network; "
            "run the same command again when there is one."
        )
    with open(os.path.join(VENV, "installed-" + name), "w") as file:
        file.write(wanted + "\n")


def say(words: str) -> None:
    """Progress, at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("requirements")
    parser.add_argument("--port", default="")
    given = parser.parse_args()
    try:
        check_python(sys.version_info)
        if given.port:
            check_port(given.port)
        if not os.path.exists(PYTHON):
            check_venv_module()
        install(given.requirements)
    except Missing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
