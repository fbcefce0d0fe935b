"""Whose pages these are: leads of the department; its agents are told so, others find nothing."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from catalogue.access import editable_by
from catalogue.models import Service
from people.models import Department, User
from servicedesk.desk.reach import led


def department_of(user: User, slug: str) -> Department:
    """The department, for its leads. Raises PermissionDenied for its agents, else Http404."""
    return led(user, slug, _("A lead of the department registers and changes its services."))


def service_of(user: User, department: str, service: str) -> Service:
    """A service of it, whatever its life, for its leads. Raises PermissionDenied, Http404."""
    whose = department_of(user, department)
    rows = editable_by(user).select_related("department", "form_version__published_by", "team")
    return get_object_or_404(rows, department=whose, slug=service)


def revision_in(request: HttpRequest) -> int:
    """The revision that was read; one that nothing has (-1) where it is no number."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
