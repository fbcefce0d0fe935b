"""What is built becomes true: a form's next version; a service opens, retires, opens again."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue import actions
from catalogue.errors import BadService, Stale
from catalogue.fields import BadForm
from catalogue.models import Service
from servicedesk.desk.services.page import (
    head,
    open_count,
    open_words,
    publish_page,
    version_page,
)
from servicedesk.desk.services.reach import revision_in, service_of
from servicedesk.frame import tell, warn
from servicedesk.signed_in import SignedInRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def service_publish(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """What changed since the last version, and the button that makes it so."""
    wanted = service_of(request.user, department, service)
    if request.method != "POST":
        return _page(request, wanted)
    before = wanted.form_version_id
    try:
        after = actions.publish_draft(
            wanted, revision=revision_in(request), by=request.user, at=timezone.now()
        )
    except Stale:
        fresh = service_of(request.user, department, service)
        return _page(request, fresh, late=True, status=409)
    except BadForm as bad:
        return _page(request, wanted, wrong=bad.errors.get("", ""), refused=True, status=422)
    tell(request, _published_words(after, before))
    return redirect("desk:service_publish", department, service)


def _page(
    request: SignedInRequest, service: Service, *, status: int = 200, **more: Any
) -> HttpResponse:
    given = publish_page(service, request.user) | more
    return render(request, "desk/services/publish.html", given, status=status)


def _published_words(after: Service, before: int | None) -> str:
    version = after.form_version
    if version is None or version.pk == before:
        return _("“%s” is open for requests.") % after.name
    words = {"service": after.name, "number": version.number}
    return _("Version %(number)d of the form of “%(service)s” is published.") % words


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def service_retire(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """Ask first; then the service takes no new requests."""
    wanted = service_of(request.user, department, service)
    if request.method != "POST":
        words = open_words(open_count(request.user, wanted))
        given = head(wanted, "publish") | {"words": words}
        return render(request, "desk/services/retire.html", given)
    try:
        actions.retire(wanted, by=request.user, at=timezone.now())
    except BadService as bad:
        warn(request, str(bad.errors.get("", bad)))
        return redirect("desk:service_publish", department, service)
    again = reverse("desk:service_reopen", args=[department, service])
    tell(request, _("“%s” takes no new requests.") % wanted.name, undo_url=again)
    return redirect("desk:services", department)


@login_required
@require_POST
def service_reopen(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """Open a retired service again, with the form it had."""
    wanted = service_of(request.user, department, service)
    try:
        actions.publish(wanted, by=request.user, at=timezone.now())
    except BadForm as bad:
        warn(request, str(bad))
    else:
        tell(request, _("“%s” is open for requests.") % wanted.name)
    return redirect("desk:service_publish", department, service)


@login_required
@require_safe
def service_version(
    request: SignedInRequest, department: str, service: str, number: int
) -> HttpResponse:
    """A form as it was published."""
    wanted = service_of(request.user, department, service)
    if number > 2**31 - 1:
        return redirect("desk:service_publish", department, service)
    rows = wanted.form_versions.select_related("published_by")
    version = get_object_or_404(rows, number=number)
    return render(request, "desk/services/version.html", version_page(wanted, version))
