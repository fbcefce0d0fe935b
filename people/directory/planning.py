"""What a directory would change: worked out in memory from one look at everybody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from people.directory.reading import MOST_PROBLEMS, Problem, Row
from people.models import Department, Management, Membership, Team, User
from people.zones import zone_names

KEY_LETTERS = range(2, 7)


@dataclass(frozen=True, slots=True)
class NewDepartment:
    """A department that the file brings along."""

    name: str
    key: str
    slug: str
    zone: str
    country: str


@dataclass(frozen=True, slots=True)
class Known:
    """Someone who is in the desk already."""

    pk: int
    employee_number: str
    name: str
    email: str
    department: str
    is_active: bool
    is_administrator: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Someone whose facts change, or who comes back: {field: (before, after)}."""

    person: Known
    row: Row
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Role:
    """A role that the file adds or turns: "agent", "lead" or "manager" of a department."""

    employee_number: str
    name: str
    department: str
    role: str
    team: str = ""
    is_new: bool = True
    """Else a member becomes a lead, or a lead a member."""


@dataclass(slots=True)
class Plan:
    """All that would change; `problems` is empty where it may be applied."""

    departments: list[NewDepartment] = field(default_factory=list)
    teams: list[tuple[str, str]] = field(default_factory=list)
    """New ones: (department, name)."""
    new: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    leaving: list[Known] = field(default_factory=list)
    absent: int = 0
    """How many are not in the file and stay, because leavers were not asked for."""
    kept: list[Known] = field(default_factory=list)
    """Administrators who are not in the file: they never leave by a file."""
    same: int = 0
    unknown_columns: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing would change."""
        return not (
            self.departments or self.teams or self.new or self.changed or self.roles or self.leaving
        )

    @property
    def digest(self) -> str:
        """The same for the same changes: what was shown is what is applied."""
        whole = [
            [[one.name, one.key, one.zone, one.country] for one in self.departments],
            self.teams,
            [[one.employee_number, one.name, one.email, one.department] for one in self.new],
            [[one.person.pk, sorted(one.fields.items())] for one in self.changed],
            [[one.employee_number, one.department, one.team, one.role] for one in self.roles],
            [one.pk for one in self.leaving],
        ]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def plan(
    rows: list[Row],
    *,
    leavers: bool,
    countries: Collection[str] | None = None,
    unknown_columns: Iterable[str] = (),
) -> Plan:
    """What these rows would change; six queries, whatever the number of people.

    With `leavers`, who works here and is not among the rows leaves; administrators never do.
    `countries` are the codes that a new department may have; None: any.
    """
    made = Plan(unknown_columns=list(unknown_columns))
    names = _departments(rows, made, countries)
    people = {
        one.employee_number: one
        for one in (
            Known(*values)
            for values in User.objects.values_list(
                "pk", "employee_number", "name", "email", "department__name",
                "is_active", "is_administrator",
            ).order_by("pk")
        )
    }  # fmt: skip
    listed = set()
    for row in rows:
        listed.add(row.employee_number)
        _person(row, people.get(row.employee_number), names, made)
    for one in people.values():
        if one.is_active and one.employee_number not in listed:
            if not leavers:
                made.absent += 1
            elif one.is_administrator:
                made.kept.append(one)
            else:
                made.leaving.append(one)
    _addresses(rows, people, made)
    _roles(rows, people, names, made)
    del made.problems[MOST_PROBLEMS:]
    made.problems.sort(key=lambda one: one.row)
    return made


def _departments(rows: list[Row], made: Plan, countries: Collection[str] | None) -> dict[str, str]:
    """Each department as the file calls it, by the name it has; new ones are planned."""
    names: dict[str, str] = {}
    keys, slugs = set(), set()
    there = list(Department.objects.values_list("name", "key", "slug"))
    for name, key, slug in there:
        names[key.casefold()] = name
        keys.add(key)
        slugs.add(slug)
    names |= {name.casefold(): name for name, _key, _slug in there}
    told: dict[str, Row] = {}
    for row in rows:
        if row.department.casefold() not in names and row.department_key:
            told.setdefault(row.department.casefold(), row)
    for called, row in told.items():
        wrong = _wrong_department(row, keys, countries)
        if wrong:
            made.problems.append(Problem(row.number, wrong[1], wrong[0]))
        else:
            slug = _free_slug(row.department, row.department_key, slugs)
            made.departments.append(
                NewDepartment(row.department, row.department_key, slug, row.zone, row.country)
            )
        keys.add(row.department_key)
        names[called] = row.department
    return names


def _wrong_department(
    row: Row, keys: set[str], countries: Collection[str] | None
) -> tuple[str, str] | None:
    key = row.department_key
    words = {"department": row.department}
    if not (key.isascii() and key.isalnum() and key[0].isalpha() and len(key) in KEY_LETTERS):
        return "department_key", _("A key has two to six capital letters, such as IT.")
    if key in keys:
        return "department_key", _("Another department has the key %(key)s.") % {"key": key}
    if row.zone not in zone_names():
        return "zone", _("The new department %(department)s needs a zone like Europe/Dublin.") % (
            words
        )
    if not (row.country.isalpha() and row.country.isascii() and len(row.country) == 2) or (
        countries is not None and row.country not in countries
    ):
        return "country", _("The new department %(department)s needs a country like IE.") % words
    return None


def _free_slug(name: str, key: str, slugs: set[str]) -> str:
    slug = slugify(name)[:40] or slugify(key)
    number = 1
    free = slug
    while free in slugs:
        number += 1
        free = f"{slug}-{number}"
    slugs.add(free)
    return free


def _person(row: Row, known: Known | None, names: dict[str, str], made: Plan) -> None:
    department = names.get(row.department.casefold())
    if department is None:
        text = _(
            "There is no department “%(name)s”. Make it first, or give department_key, zone and "
            "country."
        )
        made.problems.append(Problem(row.number, text % {"name": row.department}, "department"))
        return
    if known is None:
        made.new.append(row)
        return
    fields: dict[str, tuple[Any, Any]] = {}
    for name, before, after in (
        ("name", known.name, row.name),
        ("email", known.email, row.email),
        ("department", known.department, department),
    ):
        if before != after:
            fields[name] = (before, after)
    if not known.is_active:
        fields["is_active"] = (False, True)
    if fields:
        made.changed.append(Change(known, row, fields))
    else:
        made.same += 1


def _addresses(rows: list[Row], people: dict[str, Known], made: Plan) -> None:
    """Nobody may end with the address of somebody who is not in the file."""
    listed = {row.employee_number for row in rows}
    others = {one.email.lower(): one for number, one in people.items() if number not in listed}
    for row in rows:
        other = others.get(row.email)
        if other is not None:
            text = _("The address %(email)s is that of %(name)s, number %(number)s.") % {
                "email": row.email, "name": other.name, "number": other.employee_number,
            }  # fmt: skip
            made.problems.append(Problem(row.number, text, "email"))


def _roles(rows: list[Row], people: dict[str, Known], names: dict[str, str], made: Plan) -> None:
    if not any(row.team or row.roles for row in rows):
        return
    teams: dict[tuple[str, str], tuple[str, str]] = {}
    for department, name in Team.objects.values_list("department__name", "name"):
        teams[department.casefold(), name.casefold()] = (department, name)
    members = {
        (number, department, name): is_lead
        for number, department, name, is_lead in Membership.objects.values_list(
            "user__employee_number", "team__department__name", "team__name", "is_lead"
        )
    }
    managers = set(
        Management.objects.filter(department__isnull=False).values_list(
            "user__employee_number", "department__name"
        )
    )
    for row in rows:
        if row.department.casefold() not in names:
            continue
        department = names[row.department.casefold()]
        number = row.employee_number
        if row.team:
            spot = (department.casefold(), row.team.casefold())
            if spot not in teams:
                teams[spot] = (department, row.team)
                made.teams.append((department, row.team))
            team = teams[spot][1]
            was = members.get((number, department, team))
            lead = "lead" in row.roles
            says = bool(row.roles & {"agent", "lead"})
            if was is None or (says and was != lead):
                role = "lead" if lead else "agent"
                made.roles.append(Role(number, row.name, department, role, team, was is None))
        if "manager" in row.roles and (number, department) not in managers:
            made.roles.append(Role(number, row.name, department, "manager"))
