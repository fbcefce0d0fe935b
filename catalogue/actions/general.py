"""The services that are there from the start, so that nobody meets a dead end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.actions.forms import publish_form
from catalogue.actions.life import Details, publish, register
from catalogue.models import GENERAL_SLUG, UNKNOWN_SLUG, Service
from people.models import Department, Team

if TYPE_CHECKING:
    from datetime import datetime

    from people.models import User


@transaction.atomic
def ensure_general(department: Department, *, by: User | None, at: datetime) -> Service:
    """The department's service for what fits nowhere else; made where there is none.

    The department gets a team if it has none. Permission is asked by whoever makes the
    department; the second time nothing is done.
    """
    held = Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    there = held.services.filter(is_general=True).exclude(slug=UNKNOWN_SLUG).first()
    if there is not None:
        return there
    details = Details(
        name=_("General request"),
        summary=_("Anything for %(department)s that fits nowhere else.")
        % {"department": held.name},
        team=_team(held),
        icon="life-buoy",
    )
    return _open(held, details, GENERAL_SLUG, by=by, at=at)


@transaction.atomic
def ensure_unknown(department: Department, *, by: User | None, at: datetime) -> Service:
    """The desk's one service for who does not know whom to ask; made where there is none.

    This department then finds out who does it, and transfers the request. The second time
    nothing is done, whichever department is named.
    """
    Department.objects.select_for_update(no_key=True).order_by("pk").first()  # one at a time
    there = Service.objects.filter(is_general=True, slug=UNKNOWN_SLUG).first()
    if there is not None:
        return there
    details = Details(
        name=_("I don’t know who does this"),
        summary=_("Tell us what you need. We find out who does it, and hand it on."),
        team=_team(department),
        icon="compass",
    )
    return _open(department, details, UNKNOWN_SLUG, by=by, at=at)


def _open(
    department: Department, details: Details, slug: str, *, by: User | None, at: datetime
) -> Service:
    service = register(department, details, slug=slug, is_general=True, by=by, at=at)
    publish_form(service, _questions(), subject_field="what", by=None, at=at)
    publish(service, by=None, at=at)
    return service


def _team(department: Department) -> Team:
    return department.teams.order_by("pk").first() or Team.objects.create(
        department=department, name=department.name
    )


def _questions() -> list[dict[str, Any]]:
    return [
        {
            "key": "what",
            "kind": "short_text",
            "label": _("What do you need?"),
            "help": _("In a few words, such as “Key for the bicycle shed”."),
            "required": True,
        },
        {
            "key": "details",
            "kind": "long_text",
            "label": _("Tell us more"),
            "help": _("What for, since when, until when: whatever helps us to help."),
        },
    ]
