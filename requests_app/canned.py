"""Canned replies: words that a department says often, with variables that a request fills in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import audit
from people.access import standing
from people.prepared import prepared
from requests_app.errors import NotAllowed, Refused, require_fitting
from requests_app.models import CannedReply

if TYPE_CHECKING:
    from people.models import Department, User
    from requests_app.models import ServiceRequest

LONGEST = 10_000
"""Characters of one reply."""
LONGEST_NAME = 80
MOST = 100
"""Replies of one department."""

VARIABLES: dict[str, object] = {
    "requester": gettext_lazy("the name of whoever asked"),
    "requester_first_name": gettext_lazy("their first name"),
    "reference": gettext_lazy("such as IT-1042"),
    "subject": gettext_lazy("what the request is called"),
    "service": gettext_lazy("the service that was asked for"),
    "department": gettext_lazy("your department"),
    "assignee": gettext_lazy("who works on it; you, if nobody does yet"),
    "due": gettext_lazy("when it is promised to be done, by the requester’s clock"),
    "today": gettext_lazy("the date, by the requester’s calendar"),
}
_VARIABLE = re.compile(r"\{([^\W\d]\w{0,39})\}")
_KEPT = ("name", "text", "department")


class StaleReply(Exception):
    """Someone else has changed the reply since it was read, or removed it."""


# -- Filling: no database ------------------------------------------------------------------------


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in, once: what a value holds is not filled again.

    A variable that has no value stays as it was written.
    """
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def unknown_variables(text: str) -> list[str]:
    """The variables of a text that nobody could fill in, in the order in which they stand."""
    return list(dict.fromkeys(name for name in _VARIABLE.findall(text) if name not in VARIABLES))


def values_for(
    service_request: ServiceRequest, *, by: User, now: datetime, ready_by: datetime | None
) -> dict[str, str]:
    """What each variable stands for, if `by` were to write to the requester now.

    `ready_by` is when the request is promised to be done; None while nothing is promised.
    Moments are by the requester's clock, which is named where it is not the provider's. What is
    not known yet stands in brackets, so that nobody sends it unread. Reads the people, the service
    and the provider of the request, which `for_page()` has fetched.
    """
    requester = service_request.requester
    assignee = service_request.assignee or by
    zone = _zone(requester.zone_name)
    return {
        "requester": requester.name,
        "requester_first_name": requester.short_name,
        "reference": service_request.reference,
        "subject": service_request.subject,
        "service": service_request.service.name,
        "department": service_request.provider_department.name,
        "assignee": assignee.name,
        "due": _due(service_request, ready_by, zone, now),
        "today": date_format(now.astimezone(zone), "j F Y"),
    }


def _due(
    service_request: ServiceRequest, ready_by: datetime | None, zone: ZoneInfo, now: datetime
) -> str:
    if ready_by is None:
        return _("[no time promised just now]")
    if ready_by < now:
        return _("[the time that was promised has passed]")
    local = ready_by.astimezone(zone)
    words = date_format(local, "l j F, H:i")
    theirs = ready_by.astimezone(_zone(service_request.provider_department.zone))
    same = local.utcoffset() == theirs.utcoffset()
    return words if same else f"{words} {local.tzname()}"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):  # one that tzdata has since renamed
        return ZoneInfo("UTC")


def example() -> dict[str, str]:
    """Believable values, for a preview."""
    return {
        "requester": "Dana Byrne",
        "requester_first_name": "Dana",
        "reference": "IT-1042",
        "subject": _("A screen for the new desk"),
        "service": _("Screens and keyboards"),
        "department": "IT",
        "assignee": "Omar Quinn",
        "due": _("Thursday 12 November, 16:00"),
        "today": _("10 November 2026"),
    }


# -- Who may use them ----------------------------------------------------------------------------


def offered(user: User, service_request: ServiceRequest) -> QuerySet[CannedReply]:
    """The replies of the provider's department, for who works there and did not ask; else none."""
    provider = service_request.provider_department_id
    if provider not in standing(user).agent_of or service_request.requester_id == user.pk:
        return CannedReply.objects.none()
    return CannedReply.objects.filter(department=provider)


def offered_list(user: User, service_request: ServiceRequest) -> list[CannedReply]:
    """The same as a list; one query, none for whoever is offered nothing."""
    provider = service_request.provider_department_id
    if provider not in standing(user).agent_of or service_request.requester_id == user.pk:
        return []
    return _of_department(provider)


@prepared
def _of_department(department_id: int) -> QuerySet[CannedReply]:
    return CannedReply.objects.filter(department=department_id)


def of(user: User, department: Department) -> QuerySet[CannedReply]:
    """The replies of a department that the person leads; of others none."""
    if department.pk not in standing(user).lead_of:
        return CannedReply.objects.none()
    return CannedReply.objects.filter(department=department).select_related("updated_by")


# -- Keeping -------------------------------------------------------------------------------------


def keep(
    department: Department,
    *,
    name: str,
    text: str,
    by: User,
    at: datetime,
    reply: CannedReply | None = None,
    seen: datetime | None = None,
) -> CannedReply:
    """Write a new reply, or change one that was read when it had been changed at `seen`.

    Raises NotAllowed, Refused, StaleReply.
    """
    _require_lead(department, by)
    name, text = _checked(name, text)
    try:
        with transaction.atomic():
            if reply is None:
                return _add(department, name, text, by, at)
            return _change(reply, name, text, by, at, seen)
    except IntegrityError as error:
        if "canned_reply_name_once_in_department" not in str(error):
            raise
        raise Refused(_("There is a reply of this name already."), "name") from None


def _add(department: Department, name: str, text: str, by: User, at: datetime) -> CannedReply:
    if CannedReply.objects.filter(department=department).count() >= MOST:
        raise Refused(_("A department keeps %(n)d replies at most.") % {"n": MOST}, "name")
    made = CannedReply.objects.create(
        department=department, name=name, text=text, updated_at=at, updated_by=by
    )
    _record("created", made, {}, by, at)
    return made


def _change(
    reply: CannedReply, name: str, text: str, by: User, at: datetime, seen: datetime | None
) -> CannedReply:
    now = CannedReply.objects.select_for_update().filter(pk=reply.pk).first()
    if now is None or (seen is not None and now.updated_at != seen):
        raise StaleReply
    before = audit.state(now, _KEPT)
    now.name, now.text, now.updated_at, now.updated_by = name, text, at, by
    now.save(update_fields=["name", "text", "updated_at", "updated_by"])
    _record("changed", now, before, by, at)
    return now


@transaction.atomic
def remove(reply: CannedReply, *, by: User, at: datetime) -> None:
    """Take a reply away. Raises NotAllowed; nothing where it is gone already."""
    _require_lead(reply.department, by)
    now = CannedReply.objects.select_for_update().filter(pk=reply.pk).first()
    if now is None:
        return
    before = audit.state(now, _KEPT)
    changes = {name: [value, None] for name, value in before.items()}
    audit.record("deleted", now, changes, by=by, at=at)
    now.delete()


def _record(deed: str, thing: Model, before: Mapping[str, object], by: User, at: datetime) -> None:
    changes = audit.difference(before, audit.state(thing, _KEPT))
    audit.record(deed, thing, changes, by=by, at=at)


def _require_lead(department: Department, by: User) -> None:
    if department.pk not in standing(by).lead_of:
        raise NotAllowed(_("A lead of the department keeps its replies."))


def _checked(name: str, text: str) -> tuple[str, str]:
    name, text = name.strip(), text.replace("\r\n", "\n").strip()
    if not name:
        raise Refused(_("Give the reply a name."), "name")
    if not text:
        raise Refused(_("Write what it says."), "text")
    require_fitting(name, LONGEST_NAME, field="name")
    require_fitting(text, LONGEST, field="text")
    unknown = unknown_variables(text)
    if unknown:
        raise Refused(unknown_words(unknown), "text")
    return name, text


def unknown_words(unknown: list[str]) -> str:
    """Which variables nobody can fill in, and which there are."""
    named = ", ".join(f"{{{name}}}" for name in unknown)
    known = ", ".join(f"{{{name}}}" for name in VARIABLES)
    return _("Nobody can fill in %(unknown)s. There are: %(known)s.") % {
        "unknown": named,
        "known": known,
    }
