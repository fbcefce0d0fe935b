"""The form builder: questions are added, changed, moved and removed; nobody is asked them yet."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue import building
from catalogue.actions import discard_draft, draft_of, keep_draft, undo_draft
from catalogue.errors import Stale
from catalogue.fields import BadForm, FormField, FormSpec
from catalogue.models import FormDraft, Service
from servicedesk.desk.services.page import form_page, head, kinds_that_choose
from servicedesk.desk.services.question_form import QuestionForm
from servicedesk.desk.services.reach import revision_in, service_of
from servicedesk.frame import tell
from servicedesk.signed_in import SignedInRequest


class _Nothing(ValueError):
    """A deed on the form that names nothing we know."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def service_form(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """The questions in their order; a POST moves or removes one, or takes a change back."""
    wanted = service_of(request.user, department, service)
    if request.method != "POST":
        return _page(request, wanted, draft_of(wanted))
    try:
        words = _do(request, wanted, request.POST.get("do", ""))
    except Stale:
        return _page(request, wanted, draft_of(wanted), late=True, status=409)
    except (BadForm, _Nothing) as bad:
        return _page(request, wanted, draft_of(wanted), wrong=str(bad), status=422)
    if request.headers.get("HX-Request"):
        return _page(request, wanted, draft_of(wanted), said=words)
    tell(request, words)
    return redirect("desk:service_form", department, service)


def _page(
    request: SignedInRequest, service: Service, draft: FormDraft, *, status: int = 200, **more: Any
) -> HttpResponse:
    part = "_builder" if request.headers.get("HX-Request") else "form"
    given = form_page(service, draft) | more
    return render(request, f"desk/services/{part}.html", given, status=status)


def _do(request: SignedInRequest, service: Service, deed: str) -> str:
    """One change of the form. Raises Stale, BadForm, _Nothing."""
    revision = revision_in(request)
    done: dict[str, Any] = {"revision": revision, "by": request.user, "at": timezone.now()}
    if deed == "undo":
        undo_draft(service, **done)
        return _("Taken back.")
    if deed == "discard":
        discard_draft(service, **done)
        return _("The form is again as it was published.")
    draft = draft_of(service)
    if deed == "subject":
        key = building.kept_subject(draft.spec, request.POST.get("subject", ""))
        keep_draft(service, draft.spec, subject_field=key, **done)
        return _("Kept.")
    spec, words = _rearranged(draft.spec, deed, request.POST.get("order", ""))
    keep_draft(service, spec, subject_field=draft.subject_field, **done)
    return words


def _rearranged(spec: FormSpec, deed: str, order: str) -> tuple[FormSpec, str]:
    if deed == "order":
        return building.ordered(spec, order.split(",")), _("The order is kept.")
    name, _sign, key = deed.partition(":")
    one = building.find(spec, key)
    if one is None:
        raise _Nothing(_("This question is gone."))
    if name == "remove":
        return building.removed(spec, key), _("“%s” is removed.") % one.label
    if name not in ("up", "down"):
        raise _Nothing(_("Nothing was changed."))
    after = building.moved(spec, key, -1 if name == "up" else 1)
    words = {"question": one.label, "number": after.fields.index(one) + 1}
    return after, _("“%(question)s” is now question %(number)d.") % words


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: SignedInRequest, department: str, service: str) -> HttpResponse:
    """Write a new question; it stands at the end."""
    wanted = service_of(request.user, department, service)
    return _question(request, wanted, draft_of(wanted), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, department: str, service: str, key: str) -> HttpResponse:
    """Change a question. One that is gone meanwhile can be added again, as it was typed."""
    wanted = service_of(request.user, department, service)
    draft = draft_of(wanted)
    one = building.find(draft.spec, key)
    if one is None and request.method != "POST":
        return redirect("desk:service_form", department, service)
    return _question(request, wanted, draft, one, gone=one is None)


def _question(
    request: SignedInRequest,
    service: Service,
    draft: FormDraft,
    one: FormField | None,
    *,
    gone: bool = False,
) -> HttpResponse:
    spec = draft.spec
    posted = request.POST if request.method == "POST" else None
    form = QuestionForm(posted, spec=spec, one=one, revision=draft.revision)
    if posted is None or not form.is_valid():
        return _question_page(request, service, form, status=422 if form.errors else 200)
    if gone:
        form.renew(draft.revision)
        return _question_page(request, service, form, late=draft, gone=True, status=409)
    written = form.question
    try:
        after = (building.changed if one else building.added)(spec, written)
        keep_draft(
            service,
            after,
            subject_field=draft.subject_field,
            revision=revision_in(request),
            by=request.user,
            at=timezone.now(),
        )
    except Stale:
        fresh = draft_of(service)
        form.renew(fresh.revision)
        return _question_page(request, service, form, late=fresh, status=409)
    except BadForm as bad:
        form.add_error(None, str(bad))
        return _question_page(request, service, form, status=422)
    words = _("“%s” is kept.") if one else _("“%s” is added.")
    tell(request, words % written.label)
    return redirect("desk:service_form", service.department.slug, service.slug)


def _question_page(
    request: SignedInRequest, service: Service, form: QuestionForm, *, status: int, **more: Any
) -> HttpResponse:
    given = head(service, "form") | {"form": form, "choosing": kinds_that_choose()} | more
    return render(request, "desk/services/question.html", given, status=status)
