"""The mapping: how another desk's log is to be read. A TOML file, checked as a whole.

`docs/import.md` describes every key; a shipped example stands in `mappings/`.
"""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from people.zones import zone_names
from requests_app.lifecycle import Status
from requests_app.priority import Impact, Urgency

PLAYABLE = frozenset(Status) - {Status.AWAITING_APPROVAL}
"""Statuses that a log's state may stand for: a log does not say who approved."""

EVERY_OTHER = "*"


class BadMapping(ValueError):
    """A mapping that cannot be used; the message says which key, and what would be right."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the log's columns. Those that may be empty stand for what the log does not know."""

    case: str
    at: str
    state: str
    requester: str
    started: str = ""
    client: str = ""
    group: str = ""
    assignee: str = ""
    actor: str = ""
    impact: str = ""
    urgency: str = ""

    def named(self) -> list[str]:
        """The columns that the file must have for these."""
        return [name for name in (getattr(self, one) for one in self.__slots__) if name]


@dataclass(frozen=True, slots=True)
class Provider:
    """A department of ours that takes over groups of the log, each as a team with one service."""

    key: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the other desk said of its own promise, and which of our metrics it is set against."""

    metrics: tuple[str, ...]
    column: str = ""
    kept: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping, checked."""

    source: str
    zone: zoneinfo.ZoneInfo
    country: str
    subdivision: str
    encoding: str
    delimiter: str
    date_format: str
    missing: frozenset[str]
    columns: Columns
    states: dict[str, Status]
    impacts: dict[str, str]
    urgencies: dict[str, str]
    providers: tuple[Provider, ...]
    group_when_missing: str
    service_name: str
    subject: str
    client_name: str
    client_when_missing: str
    people: dict[str, str]
    judged: Judged
    hours: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def provider_of(self, group: str) -> Provider | None:
        """The department that takes over the group; None where the mapping knows none."""
        for provider in self.providers:
            if group in provider.groups:
                return provider
        for provider in self.providers:
            if EVERY_OTHER in provider.groups:
                return provider
        return None

    def all_columns(self) -> list[str]:
        """Every column that the file must have."""
        judged = [self.judged.column] if self.judged.column else []
        return self.columns.named() + judged


class _Table:
    """A TOML table read key by key; what is left over at the end was misspelt."""

    def __init__(self, raw: Any, where: str) -> None:
        if not isinstance(raw, dict):
            raise BadMapping(f"[{where}] must be a table")
        self.raw = dict(raw)
        self.where = where

    def _name(self, key: str) -> str:
        return f"[{self.where}] {key}" if self.where else key

    def text(self, key: str, default: str | None = None) -> str:
        value = self.raw.pop(key, default)
        if value is None:
            raise BadMapping(f"{self._name(key)} is missing")
        if not isinstance(value, str):
            raise BadMapping(f"{self._name(key)} must be a text in quotes, not {value!r}")
        return value

    def words(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self.raw.pop(key, default)
        if value is None:
            raise BadMapping(f"{self._name(key)} is missing")
        if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) for one in value):
            raise BadMapping(f"{self._name(key)} must be a list of texts, not {value!r}")
        return tuple(value)

    def table(self, key: str, *, required: bool = False) -> _Table:
        if required and key not in self.raw:
            raise BadMapping(f"[{key}] is missing")
        return _Table(self.raw.pop(key, {}), key)

    def texts(self) -> dict[str, str]:
        """Everything in the table, as texts."""
        return {key: self.text(key) for key in list(self.raw)}

    def end(self) -> None:
        if self.raw:
            raise BadMapping(f"{self._name(next(iter(self.raw)))} is not a key that a mapping has")


def load(path: Path) -> Mapping:
    """Read and check a mapping. Raises BadMapping with the file's name in front."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return _read(raw)
    except OSError as error:
        raise BadMapping(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, BadMapping) as error:
        raise BadMapping(f"{path}: {error}") from error


def _read(raw: dict[str, Any]) -> Mapping:
    top = _Table(raw, "")
    file = top.table("file", required=True)
    columns = top.table("columns", required=True)
    groups = top.table("groups")
    clients = top.table("clients")
    calendar = top.table("calendar")
    judged = top.table("judged")
    mapping = Mapping(
        source=_source(top.text("source")),
        zone=_zone(file.text("zone")),
        country=calendar.text("country", ""),
        subdivision=calendar.text("subdivision", ""),
        encoding=file.text("encoding", "utf-8"),
        delimiter=_delimiter(file.text("delimiter", ",")),
        date_format=file.text("date_format"),
        missing=frozenset(file.words("missing", ("",))) | {""},
        columns=Columns(**{one: columns.text(one, _default(one)) for one in Columns.__slots__}),
        states=_states(top.table("states", required=True).texts()),
        impacts=_known(top.table("impact").texts(), list(Impact), "impact"),
        urgencies=_known(top.table("urgency").texts(), list(Urgency), "urgency"),
        providers=_providers(top.raw.pop("departments", [])),
        group_when_missing=groups.text("when_missing", ""),
        service_name=groups.text("service", "Incident: {group}"),
        subject=top.text("subject", "{case}"),
        client_name=clients.text("name", "{client}"),
        client_when_missing=clients.text("when_missing", "Unknown"),
        people=top.table("people").texts(),
        judged=_judged(judged),
        hours=_hours(calendar),
    )
    for table in (file, columns, groups, clients, calendar, judged, top):
        table.end()
    return mapping


def _default(column: str) -> str | None:
    return None if column in {"case", "at", "state", "requester"} else ""


def _source(name: str) -> str:
    if not 1 <= len(name) <= 60:
        raise BadMapping("source must have 1 to 60 characters")
    return name


def _zone(name: str) -> zoneinfo.ZoneInfo:
    if name not in zone_names():
        raise BadMapping(f"[file] zone: {name!r} is no time zone; write it like Europe/Dublin")
    return zoneinfo.ZoneInfo(name)


def _delimiter(sign: str) -> str:
    if len(sign) != 1:
        raise BadMapping(f"[file] delimiter must be one sign, not {sign!r}")
    return sign


def _states(raw: dict[str, str]) -> dict[str, Status]:
    allowed = sorted(str(one) for one in PLAYABLE)
    for state, ours in raw.items():
        if ours not in allowed:
            raise BadMapping(f"[states] {state!r}: {ours!r} is none of {', '.join(allowed)}")
    if not raw:
        raise BadMapping("[states] is empty")
    return {state: Status(ours) for state, ours in raw.items()}


def _known(raw: dict[str, str], allowed: list[Any], where: str) -> dict[str, str]:
    for theirs, ours in raw.items():
        if ours not in allowed:
            raise BadMapping(
                f"[{where}] {theirs!r}: {ours!r} is none of {', '.join(map(str, allowed))}"
            )
    return raw


def _providers(raw: Any) -> tuple[Provider, ...]:
    if not isinstance(raw, list) or not raw:
        raise BadMapping("at least one [[departments]] is needed, with key, name and groups")
    providers = []
    for one in raw:
        table = _Table(one, "departments")
        providers.append(
            Provider(_key(table.text("key")), table.text("name"), table.words("groups"))
        )
        table.end()
    groups = [group for provider in providers for group in provider.groups]
    for group in groups:
        if groups.count(group) > 1:
            raise BadMapping(f"[[departments]] group {group!r} stands in two departments")
    return tuple(providers)


def _judged(table: _Table) -> Judged:
    metrics = table.words("metrics", ("resolution",))
    for metric in metrics:
        if metric not in {"first_response", "resolution"}:
            raise BadMapping(
                f"[judged] metrics: {metric!r} is neither first_response nor resolution"
            )
    return Judged(
        metrics, table.text("column", ""), table.words("kept", ()), table.words("missed", ())
    )


def _key(key: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9]{1,5}", key):
        raise BadMapping(f"[[departments]] key {key!r}: two to six capital letters or digits")
    return key


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _hours(table: _Table) -> dict[int, list[tuple[str, str]]]:
    hours: dict[int, list[tuple[str, str]]] = {}
    for number, day in enumerate(DAYS):
        spans = []
        for span in table.words(day, ()):
            opening, dash, closing = span.partition("-")
            if not dash:
                raise BadMapping(f"[calendar] {day}: write {span!r} like 09:00-17:30")
            spans.append((opening.strip(), closing.strip()))
        if spans:
            hours[number] = spans
    return hours
