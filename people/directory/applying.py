"""Doing what was planned: all of it in one transaction, in bulk, with an audit of each change."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from people import access, audit
from people.actions.departments import DEPARTMENT_FIELDS, TEAM_FIELDS
from people.actions.roles import MANAGEMENT_FIELDS, MEMBERSHIP_FIELDS
from people.directory.planning import Change, Plan
from people.models import Department, Management, Membership, Organisation, Team, User

BATCH = 2000


class PlanChanged(Exception):
    """Since the plan was shown, somebody changed people: it would do something else now."""


@dataclass(slots=True)
class Applied:
    """What was done; the caller sees to what other packages have to do about it."""

    departments: list[Department] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    roles: int = 0
    left: list[User] = field(default_factory=list)
    readdressed: list[User] = field(default_factory=list)
    """Those whose mail address is another one now."""


def hold() -> None:
    """Let no other directory be planned or applied until the transaction ends.

    Raises Organisation.DoesNotExist while the desk is not set up.
    """
    Organisation.objects.select_for_update().get(pk=1)


@transaction.atomic
def apply(plan: Plan, *, by: User | None, at: datetime) -> Applied:
    """Do what was planned, having called `hold` before planning.

    Raises PermissionDenied; ValueError for a plan with problems; IntegrityError where somebody was
    quicker with a number or an address. Nothing is kept then.
    """
    access.require_administrator(by)
    if plan.problems:
        raise ValueError("a plan with problems is not applied")
    done = Applied()
    done.departments = _add_departments(plan, by, at)
    departments = {one.name: one for one in Department.objects.all()}
    called = {one.key.casefold(): one for one in departments.values()}
    called |= {name.casefold(): one for name, one in departments.items()}
    teams = _add_teams(plan, departments, by, at)
    done.new = _add_people(plan, called, by, at)
    done.readdressed = _change_people(plan.changed, departments, by, at)
    done.changed = len(plan.changed)
    done.roles = _give_roles(plan, departments, teams, by, at)
    done.left = _leave([one.pk for one in plan.leaving], by, at)
    return done


def _add_departments(plan: Plan, by: User | None, at: datetime) -> list[Department]:
    made = []
    for one in plan.departments:
        department = Department(
            key=one.key, slug=one.slug, name=one.name, zone=one.zone, country=one.country
        )
        department.full_clean()
        department.save()
        made.append(department)
    _audit_new(made, DEPARTMENT_FIELDS, by, at)
    return made


def _add_teams(
    plan: Plan, departments: dict[str, Department], by: User | None, at: datetime
) -> dict[tuple[int, str], Team]:
    made = Team.objects.bulk_create(
        [Team(department=departments[department], name=name) for department, name in plan.teams]
    )
    _audit_new(made, TEAM_FIELDS, by, at)
    if not plan.roles:
        return {}
    return {(one.department_id, one.name): one for one in Team.objects.all()}


def _add_people(plan: Plan, called: dict[str, Department], by: User | None, at: datetime) -> int:
    made = User.objects.bulk_create(
        [
            User(
                employee_number=row.employee_number,
                name=row.name,
                email=row.email,
                department=called[row.department.casefold()],
                date_joined=at,
                password=_no_password(),
            )
            for row in plan.new
        ],
        batch_size=BATCH,
    )
    _audit_new(made, ("name", "employee_number", "email", "department"), by, at)
    return len(made)


def _no_password() -> str:
    """What make_password(None) gives, in a tenth of its time: unusable, never twice the same."""
    return UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)


def _change_people(
    changes: Sequence[Change], departments: dict[str, Department], by: User | None, at: datetime
) -> list[User]:
    """Change facts in bulk; returns those whose address changes."""
    found = User.objects.in_bulk([one.person.pk for one in changes])
    entries: list[tuple[str, User, audit.Changes]] = []
    returned: list[tuple[str, User, audit.Changes]] = []
    moving = []
    for change in changes:
        person = found[change.person.pk]
        written: audit.Changes = {}
        for name, (before, after) in change.fields.items():
            if name == "department":
                written[name] = [departments[before].pk, departments[after].pk]
                person.department = departments[after]
            elif name == "is_active":
                person.is_active = True
                returned.append(("returned", person, {}))
            else:
                written[name] = [before, after]
                setattr(person, name, after)
        if "email" in change.fields:
            moving.append(person)
        entries.append(("changed", person, written))
    _step_aside(moving)
    User.objects.bulk_update(
        found.values(), ["name", "email", "department", "is_active"], batch_size=BATCH
    )
    audit.record_many([*returned, *entries], by=by, at=at)
    return moving


def _step_aside(moving: Sequence[User]) -> None:
    """Free all old addresses first: two people may have changed theirs with one another."""
    final = [one.email for one in moving]
    for person in moving:
        person.email = f"{person.pk}@moving.invalid"
    User.objects.bulk_update(moving, ["email"], batch_size=BATCH)
    for person, email in zip(moving, final, strict=True):
        person.email = email


def _give_roles(
    plan: Plan,
    departments: dict[str, Department],
    teams: dict[tuple[int, str], Team],
    by: User | None,
    at: datetime,
) -> int:
    if not plan.roles:
        return 0
    numbers = {one.employee_number for one in plan.roles}
    people = {one.employee_number: one for one in User.objects.filter(employee_number__in=numbers)}
    joining, managing, turned = [], [], []
    for role in plan.roles:
        person, department = people[role.employee_number], departments[role.department]
        if role.role == "manager":
            managing.append(Management(user=person, department=department))
            continue
        team = teams[department.pk, role.team]
        lead = role.role == "lead"
        if role.is_new:
            joining.append(Membership(user=person, team=team, is_lead=lead))
        else:
            membership = Membership.objects.get(user=person, team=team)
            membership.is_lead = lead
            membership.save(update_fields=["is_lead"])
            turned.append(membership)
    _audit_new(Membership.objects.bulk_create(joining, BATCH), MEMBERSHIP_FIELDS, by, at)
    _audit_new(Management.objects.bulk_create(managing, BATCH), MANAGEMENT_FIELDS, by, at)
    audit.record_many(
        [("changed", one, {"is_lead": [not one.is_lead, one.is_lead]}) for one in turned],
        by=by,
        at=at,
    )
    return len(plan.roles)


def _leave(ids: list[int], by: User | None, at: datetime) -> list[User]:
    """The same as people.actions.leave, for many; never an administrator."""
    leaving = list(
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=ids, is_active=True, is_administrator=False)
        .order_by("pk")
    )
    gone = [one.pk for one in leaving]
    had: dict[int, audit.Changes] = {pk: {} for pk in gone}
    for membership in Membership.objects.filter(user__in=gone).select_related("team"):
        had[membership.user_id].setdefault("teams", [[], None])[0].append(str(membership.team))
    for management in Management.objects.filter(user__in=gone).select_related("department"):
        name = str(management.department or "*")
        had[management.user_id].setdefault("manages", [[], None])[0].append(name)
    Membership.objects.filter(user__in=gone).delete()
    Management.objects.filter(user__in=gone).delete()
    for person in leaving:
        person.is_active = False
        person.password = _no_password()
    User.objects.bulk_update(leaving, ["is_active", "password"], batch_size=BATCH)
    audit.record_many([("left", one, had[one.pk]) for one in leaving], by=by, at=at)
    return leaving


def _audit_new(
    made: Sequence[Department | Team | User | Membership | Management],
    fields: tuple[str, ...],
    by: User | None,
    at: datetime,
) -> None:
    audit.record_many(
        [("created", thing, audit.difference({}, audit.state(thing, fields))) for thing in made],
        by=by,
        at=at,
    )
