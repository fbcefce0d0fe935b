"""From bytes to rows. Tolerant of encodings and separators, strict about what a row says.

No cell is ever computed: what begins with = is a name that begins with =.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

LARGEST = 10 * 1024 * 1024
"""Bytes of a file."""
MOST_PROBLEMS = 500
SEPARATORS = (",", ";", "\t", "|")

REQUIRED = ("employee_number", "name", "email", "department")
LENGTHS = {
    "employee_number": 40,
    "name": 120,
    "email": 254,
    "department": 80,
    "department_key": 6,
    "zone": 64,
    "country": 2,
    "team": 80,
    "role": 60,
}
COLUMNS = tuple(LENGTHS)
ALSO = {
    "number": "employee_number",
    "personnel_number": "employee_number",
    "employee_id": "employee_number",
    "mail": "email",
    "e_mail": "email",
    "email_address": "email",
    "full_name": "name",
    "time_zone": "zone",
    "timezone": "zone",
    "key": "department_key",
    "roles": "role",
}
ROLES = frozenset({"employee", "agent", "lead", "manager"})

_valid_email = EmailValidator()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong; `row` counts as a spreadsheet does, headings being 1; 0: the whole file."""

    row: int
    text: str
    column: str = ""


class BadDirectory(Exception):
    """The file cannot be taken as it is."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(f"{len(self.problems)} problems")


@dataclass(frozen=True, slots=True)
class Row:
    """One person, as the file has it; every value tidy, "" where there is none."""

    number: int
    """The row in the file."""
    employee_number: str
    name: str
    email: str
    """In small letters."""
    department: str
    department_key: str = ""
    zone: str = ""
    country: str = ""
    team: str = ""
    roles: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Problems:
    found: list[Problem] = field(default_factory=list)

    def add(self, row: int, text: str, column: str = "") -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(Problem(row, text, column))


def read(content: bytes) -> tuple[list[Row], list[str]]:
    """The people of the file, and the names of columns that mean nothing to the desk.

    Raises BadDirectory with every problem found, the first 500.
    """
    records = _records(_text(content))
    heading, first = _heading(records)
    columns, unknown = _columns(heading)
    problems = _Problems()
    rows = [
        row
        for number, record in enumerate(records[first:], start=first + 1)
        if any(cell.strip() for cell in record)
        and (row := _row(number, record, columns, len(heading), problems)) is not None
    ]
    _no_doubles(rows, problems)
    if problems.found:
        raise BadDirectory(problems.found)
    if not rows:
        raise BadDirectory([Problem(0, _("There is nobody in this file, only headings."))])
    return rows, unknown


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise BadDirectory([Problem(0, _("The file is larger than 10 MB."))])
    if not content.strip():
        raise BadDirectory([Problem(0, _("The file is empty."))])
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        text = _("The file is not UTF-8. Save it as “CSV UTF-8” and try again.")
        raise BadDirectory([Problem(row, text)]) from None


def _records(text: str) -> list[list[str]]:
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(
        SEPARATORS, key=lambda one: len(_known(next(csv.reader([head], delimiter=one), [])))
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    records: list[list[str]] = []
    try:
        records.extend(reader)
    except csv.Error:
        text = _("A cell of this row is not closed, or far too long.")
        raise BadDirectory([Problem(len(records) + 1, text)]) from None
    return records


def _plain(name: str) -> str:
    plain = re.sub(r"[\s\-]+", "_", name.strip().casefold())
    return ALSO.get(plain, plain)


def _known(names: Iterable[str]) -> set[str]:
    return {_plain(name) for name in names} & set(COLUMNS)


def _heading(records: list[list[str]]) -> tuple[list[str], int]:
    """The headings, and how many records they end."""
    for at, record in enumerate(records):
        if any(cell.strip() for cell in record):
            return record, at + 1
    raise BadDirectory([Problem(0, _("The file is empty."))])


def _columns(heading: list[str]) -> tuple[dict[str, int], list[str]]:
    columns: dict[str, int] = {}
    unknown = []
    for at, name in enumerate(heading):
        plain = _plain(name)
        if plain not in COLUMNS:
            unknown += [name.strip()[:80]] if name.strip() else []
        elif plain in columns:
            text = _("The column %(name)s is there twice.") % {"name": plain}
            raise BadDirectory([Problem(1, text, plain)])
        else:
            columns[plain] = at
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        text = _("The first row must name the columns. Missing: %(names)s.")
        raise BadDirectory([Problem(1, text % {"names": ", ".join(missing)})])
    return columns, unknown


def _row(
    number: int, record: list[str], columns: dict[str, int], width: int, problems: _Problems
) -> Row | None:
    before = len(problems.found)
    if any(cell.strip() for cell in record[width:]):
        text = _("This row has more cells than there are headings.")
        problems.add(number, text)
        return None
    given = {name: _tidy(record[at]) if at < len(record) else "" for name, at in columns.items()}
    for name, value in given.items():
        text = _wrong(name, value)
        if text:
            problems.add(number, text, name)
    email = given["email"].lower()
    if email and len(email) <= LENGTHS["email"]:
        try:
            _valid_email(email)
        except ValidationError:
            text = _("“%(email)s” is no mail address.") % {"email": email}
            problems.add(number, text, "email")
    roles = frozenset(re.split(r"[\s,;+/&|]+", given.get("role", "").casefold())) - {""}
    if roles - ROLES:
        text = _("“%(role)s” is no role: employee, agent, lead or manager.")
        problems.add(number, text % {"role": ", ".join(sorted(roles - ROLES))}, "role")
    if roles & {"agent", "lead"} and not given.get("team"):
        problems.add(number, _("An agent or lead needs a team."), "team")
    if len(problems.found) > before:
        return None
    return Row(
        number=number,
        employee_number=given["employee_number"],
        name=given["name"],
        email=email,
        department=given["department"],
        department_key=given.get("department_key", "").upper(),
        zone=given.get("zone", ""),
        country=given.get("country", "").upper(),
        team=given.get("team", ""),
        roles=roles,
    )


def _tidy(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip())


def _wrong(name: str, value: str) -> str:
    """What is wrong with a cell whatever the others say; "" if nothing."""
    if not value:
        return _("Nothing is written here.") if name in REQUIRED else ""
    if len(value) > LENGTHS[name]:
        words = {"limit": LENGTHS[name], "given": len(value)}
        return _("At most %(limit)d characters fit, and this has %(given)d.") % words
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in value):
        return _("There is a character in it that cannot be written, such as a line break.")
    return ""


def _no_doubles(rows: list[Row], problems: _Problems) -> None:
    for column, words in (
        ("employee_number", _("The number %(value)s stands in row %(row)d already.")),
        ("email", _("The address %(value)s stands in row %(row)d already.")),
    ):
        first: dict[str, int] = {}
        for row in rows:
            value = getattr(row, column)
            if value in first:
                text = words % {"value": value, "row": first[value]}
                problems.add(row.number, text, column)
            else:
                first[value] = row.number
