"""Setting up the desk, and its departments, in all packages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

import people.actions
from catalogue.actions import ensure_general, ensure_unknown
from people.models import Department, User


@transaction.atomic
def set_up(*, at: datetime, **given: Any) -> User:
    """What `people.actions.set_up` does, and the services that are there from the start.

    The first department has the general service and the one for who does not know whom to ask; its
    administrator is the lead of its team, so that what is asked there reaches somebody.
    """
    administrator = people.actions.set_up(at=at, **given)
    general = ensure_general(administrator.department, by=administrator, at=at)
    ensure_unknown(administrator.department, by=administrator, at=at)
    people.actions.join_team(administrator, general.team, is_lead=True, by=administrator, at=at)
    return administrator


@transaction.atomic
def add_department(values: Mapping[str, Any], *, by: User | None, at: datetime) -> Department:
    """Make a department with its team and general service. Raises what the deeds raise."""
    department = people.actions.add_department(values, by=by, at=at)
    ensure_general(department, by=by, at=at)
    return department
