"""Whose pages these are: leads of either side, managers of either, administrators."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from people.models import User
from servicedesk.paging import LARGEST_KEY
from slas import access
from slas.conditions import Conditions
from slas.models import Agreement, AgreementDraft


def agreement_of(user: User, pk: int) -> Agreement:
    """An agreement that the person may read, with all that its page shows. Raises Http404."""
    rows = access.readable_by(user).select_related("provider", "draft__changed_by")
    rows = rows.prefetch_related(
        "versions__targets",
        "versions__coverage__client",
        "versions__coverage__service",
        "versions__made_by",
        "draft__acceptances__department",
        "draft__acceptances__by",
    )
    return get_object_or_404(rows, pk=min(pk, LARGEST_KEY))


def written_by(user: User, pk: int) -> Agreement:
    """An agreement, for those who write it. Raises PermissionDenied to its other readers."""
    agreement = agreement_of(user, pk)
    if not access.may_write(user, agreement):
        raise PermissionDenied(_("A lead of the department that promises it does this."))
    return agreement


def decided_by(user: User, pk: int) -> Agreement:
    """An agreement, for the leads of either side. Raises PermissionDenied to its other readers."""
    agreement = agreement_of(user, pk)
    clients = {one.client_id for each in agreement.versions.all() for one in each.coverage.all()}
    draft: AgreementDraft | None = getattr(agreement, "draft", None)
    if draft is not None:
        clients |= set(Conditions.read(draft.conditions).clients)
    if not access.sides_of(user, agreement.provider_id, tuple(clients)):
        raise PermissionDenied(_("A lead of one of the departments does this."))
    return agreement


def require_register(user: User) -> None:
    """Let managers and administrators pass. Raises Http404 to others."""
    if not access.may_see_register(user):
        raise Http404


def revision_in(request: HttpRequest) -> int:
    """The revision that was read; one that nothing has (-1) where it is no number."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
