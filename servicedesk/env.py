"""Reads the environment, and names what is missing or cannot be read.

Only the settings import this. Nothing here has a side effect.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from typing import Any, overload
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
CHECKS = ("database", "migrations", "broker", "beat", "sweep", "notices")
"""What `/readyz` looks at; see servicedesk/health.py."""
LIMIT = re.compile(r"([1-9]\d*)/(\d*)([smhd])/(ip|user|key)")
"""So many times in so many seconds, minutes, hours or days, for one address, person or account."""


class EnvironmentVariableError(ImproperlyConfigured):
    """A variable is missing or cannot be read; the message begins with its name."""

    def __init__(self, name: str, what: str) -> None:
        self.name = name
        super().__init__(f"{name} {what}")


@overload
def text(name: str) -> str: ...
@overload
def text(name: str, default: str) -> str: ...
def text(name: str, default: str | None = None) -> str:
    """The variable as it stands. Empty counts as not set: so it is in compose files and in CI."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise EnvironmentVariableError(name, "is not set, and there is no default for it.")
    return default


def integer(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`."""
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        raise EnvironmentVariableError(name, f"must be a whole number, not {value!r}.") from None
    if number < least:
        raise EnvironmentVariableError(name, f"must be at least {least}, not {number}.")
    return number


def flag(name: str, default: bool) -> bool:
    """Yes or no, in the usual spellings; anything else is refused rather than taken for no."""
    value = text(name, "yes" if default else "no").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise EnvironmentVariableError(name, f"must be yes or no, not {value!r}.")


def words(name: str, default: str = "") -> list[str]:
    """A list, separated by commas; blanks around the entries are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, default: str, *, among: Collection[str]) -> str:
    """One of several words."""
    value = text(name, default)
    if value not in among:
        raise EnvironmentVariableError(name, f"must be {' or '.join(among)}, not {value!r}.")
    return value


def choices(name: str, default: str, *, among: Collection[str]) -> list[str]:
    """Some of several words, separated by commas."""
    found = words(name, default)
    if unknown := [word for word in found if word not in among]:
        raise EnvironmentVariableError(
            name, f"names {unknown[0]!r}, which is none of {', '.join(among)}."
        )
    return found


def limits(name: str, default: str) -> str:
    """How often something may be done, such as "120/m/user" or "30/m/ip,5/5m/key"."""
    value = ",".join(words(name, default))
    if not all(LIMIT.fullmatch(one) for one in value.split(",")):
        raise EnvironmentVariableError(
            name, f"must be limits such as 30/m/ip or 5/10m/user, not {value!r}."
        )
    return value


def database(name: str) -> dict[str, Any]:
    """Django's DATABASES entry for `postgresql://user:password@host:port/name?option=value`.

    A host that begins with a slash, given as `?host=`, is the folder of a socket. Other options of
    the query go to the driver. Raises EnvironmentVariableError for any scheme but PostgreSQL's: the
    desk's locks and constraints exist nowhere else.
    """
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise EnvironmentVariableError(name, "must begin with postgresql:// (nothing else serves).")
    try:
        port = url.port
    except ValueError:
        raise EnvironmentVariableError(name, "has a port that is not a number.") from None
    database_name = unquote(url.path.lstrip("/"))
    if not database_name:
        raise EnvironmentVariableError(name, "names no database after the host.")
    options = dict(parse_qsl(url.query))
    host = options.pop("host", unquote(url.hostname or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(options.pop("port", port or "")),
        "OPTIONS": options,
    }


def redis(name: str) -> str:
    """A redis:// or rediss:// address, unchanged."""
    value = text(name)
    if urlsplit(value).scheme not in {"redis", "rediss"}:
        raise EnvironmentVariableError(name, "must begin with redis:// or rediss://.")
    return value
