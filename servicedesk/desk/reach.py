"""Whose queue and whose settings these are; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from people.access import standing
from people.models import Department, User
from people.prepared import prepared
from servicedesk.desk.lists import VIEWS, View


def queue_of(user: User, slug: str) -> Department:
    """The department, for those who work there. Raises Http404."""
    found = _named(slug, standing(user).agent_of)
    if not found:
        raise Http404
    return found[0]


@prepared
def _named(slug: str, ids: Collection[int]) -> QuerySet[Department]:
    return Department.objects.filter(slug=slug, pk__among=ids)


def led(user: User, slug: str, refusal: str = "") -> Department:
    """The department, for its leads.

    Raises PermissionDenied for its agents, who are told `refusal` where it is given; else Http404.
    """
    here = queue_of(user, slug)
    if here.pk not in standing(user).lead_of:
        raise PermissionDenied(refusal or _("A lead of the department looks after this."))
    return here


def view_of(name: str) -> View:
    """The view of that name. Raises Http404."""
    if name not in VIEWS:
        raise Http404
    return VIEWS[name]
