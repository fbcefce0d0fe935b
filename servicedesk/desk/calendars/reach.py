"""Whose pages these are: leads of the department; its agents are told so, others find nothing."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from calendars.access import editable_by
from calendars.models import Calendar
from people.models import Department, User
from servicedesk.desk.reach import led
from servicedesk.paging import LARGEST_KEY
from slas.models import AgreementVersion, Reapplying


def department_of(user: User, slug: str) -> Department:
    """The department, for its leads. Raises PermissionDenied for its agents, else Http404."""
    return led(user, slug, _("A lead of the department says when it works."))


def calendar_of(user: User, department: str, pk: int) -> Calendar:
    """A calendar of it, for its leads. Raises PermissionDenied, Http404."""
    whose = department_of(user, department)
    rows = editable_by(user).select_related("department")
    return get_object_or_404(rows, department=whose, pk=min(pk, LARGEST_KEY))


def agreement_version_of(user: User, department: str, pk: int) -> AgreementVersion:
    """A version of what the department promises, for its leads. Raises as `department_of` does."""
    whose = department_of(user, department)
    rows = AgreementVersion.objects.select_related("agreement", "agreement__provider")
    return get_object_or_404(rows, agreement__provider=whose, pk=min(pk, LARGEST_KEY))


def run_of(user: User, department: str, pk: int) -> Reapplying:
    """A run of one of the two, for leads of the department. Raises as `department_of` does."""
    whose = department_of(user, department)
    rows = Reapplying.objects.select_related(
        "calendar_version__calendar", "agreement_version__agreement", "started_by"
    )
    run = get_object_or_404(rows, pk=min(pk, LARGEST_KEY))
    if provider_of(run) != whose.pk:
        raise Http404
    return run


def provider_of(run: Reapplying) -> int | None:
    """The department whose calendar or agreement it applies."""
    if run.calendar_version is not None:
        return run.calendar_version.calendar.department_id
    assert run.agreement_version is not None
    return run.agreement_version.agreement.provider_id
