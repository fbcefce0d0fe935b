"""Reading another desk's log: rows into cases, each row checked, nothing changed yet."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from servicedesk.event_log.mapping import Mapping


class BadLog(ValueError):
    """A file that is no log of this mapping; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log. A value that the log does not know is empty."""

    number: int
    """Of the line in the file; the header is 1."""
    at: datetime
    values: dict[str, str]

    def get(self, column: str) -> str:
        """The value of a column; empty where the mapping names none."""
        return self.values.get(column, "") if column else ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not replayed, or not wholly, and why."""

    row: int
    case: str
    reason: str


@dataclass(slots=True)
class Case:
    """The rows of one case in the order in which they happened."""

    name: str
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Log:
    """A whole log: its cases by their first moment, and the rows that cannot be read."""

    cases: list[Case]
    refusals: list[Refusal]
    rows: int


def read(path: Path, mapping: Mapping) -> Log:
    """Read the file. Raises BadLog for a file that cannot be read or lacks a column."""
    try:
        with path.open(encoding=mapping.encoding, newline="") as file:
            return _read(csv.DictReader(file, delimiter=mapping.delimiter), path, mapping)
    except OSError as error:
        raise BadLog(f"{path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, LookupError) as error:
        raise BadLog(f"{path} is not written in {mapping.encoding}: {error}") from error
    except csv.Error as error:
        raise BadLog(f"{path} is no table of this sort: {error}") from error


def _read(reader: csv.DictReader[str], path: Path, mapping: Mapping) -> Log:
    header = reader.fieldnames or []
    absent = [column for column in mapping.all_columns() if column not in header]
    if absent:
        raise BadLog(f"{path} has no column {', '.join(absent)}; it has {', '.join(header)}")
    cases: dict[str, Case] = {}
    refusals: list[Refusal] = []
    count = 0
    for raw in reader:
        count += 1
        values = {
            key: "" if value is None or value.strip() in mapping.missing else value.strip()
            for key, value in raw.items()
            if isinstance(key, str)
        }
        reason = _wrong_with(raw, values, mapping)
        case = values.get(mapping.columns.case, "")
        if reason:
            refusals.append(Refusal(reader.line_num, case, reason))
            continue
        row = Row(reader.line_num, moment(values[mapping.columns.at], mapping), values)
        cases.setdefault(case, Case(case)).rows.append(row)
    for one in cases.values():
        one.rows.sort(key=lambda row: (row.at, row.number))
    return Log(sorted(cases.values(), key=lambda case: case.rows[0].at), refusals, count)


def _wrong_with(raw: dict[str, Any], values: dict[str, str], mapping: Mapping) -> str:
    """Why the row cannot be read; empty where it can."""
    if None in raw:  # where the reader puts what is left over
        return "has more fields than the header"
    if any(value is None for value in raw.values()):
        return "has fewer fields than the header"
    if any("\x00" in value for value in values.values()):
        return "holds a sign that cannot be kept"
    columns = mapping.columns
    if not values[columns.case]:
        return f"{columns.case} is missing"
    if len(values[columns.case]) > 120:
        return f"{columns.case} is longer than 120 characters"
    if values[columns.state] not in mapping.states:
        return f"{columns.state} {values[columns.state]!r} is not in [states]"
    try:
        moment(values[columns.at], mapping)
    except ValueError:
        return f"{columns.at} {values[columns.at]!r} is not written as {mapping.date_format}"
    for column, known, table in (
        (columns.impact, mapping.impacts, "impact"),
        (columns.urgency, mapping.urgencies, "urgency"),
    ):
        if column and values[column] and values[column] not in known:
            return f"{column} {values[column]!r} is not in [{table}]"
    group = values.get(columns.group, "") if columns.group else ""
    if group and mapping.provider_of(group) is None:
        return f"{columns.group} {group!r} belongs to no [[departments]]"
    return ""


def moment(text: str, mapping: Mapping) -> datetime:
    """A moment of the log in UTC; of a local hour that occurs twice, the first.

    Raises ValueError.
    """
    parsed = datetime.strptime(text, mapping.date_format)  # noqa: DTZ007  (its zone is set below)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=mapping.zone)
    return parsed.astimezone(UTC)
