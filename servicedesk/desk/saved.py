"""Views that people keep: shown like the others, kept under a name, shared, renamed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from people.models import Department, User
from requests_app import saved_views
from requests_app.errors import NotAllowed, Refused
from requests_app.models import SavedView
from servicedesk.desk import filters
from servicedesk.desk.lists import View
from servicedesk.desk.page import address_of, asked_by
from servicedesk.desk.reach import queue_of, view_of
from servicedesk.desk.views import show
from servicedesk.frame import tell
from servicedesk.paging import LARGEST_KEY
from servicedesk.signed_in import SignedInRequest


class ViewForm(forms.Form):
    """The name of a view, and who sees it."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Short, as it is to stand in the side bar."),
        max_length=60,
        error_messages={"required": gettext_lazy("Give the view a name.")},
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Everyone who works in the department sees it"), required=False
    )

    def refuse(self, refusal: Refused) -> None:
        """Put what was not liked beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


@login_required
@require_GET
def saved(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """A kept view; what its filter named and is gone meanwhile is left out, and said."""
    here = queue_of(request.user, department)
    kept = _kept(request.user, here, pk)
    return show(request, here, asked_by(here, kept, request.GET.get("after", "")))


@login_required
@require_http_methods(["GET", "POST"])
def saved_new(request: SignedInRequest, department: str) -> HttpResponse:
    """Keep the view and filter of the address under a name."""
    here = queue_of(request.user, department)
    view, chosen, known = _read(here, request.GET.dict())
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = saved_views.keep(
                here,
                view=view.name,
                query=chosen.query().removeprefix("?"),
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            tell(request, _("“%(name)s” is kept. It stands in the side bar.") % {"name": kept.name})
            return redirect("desk:saved", here.slug, kept.pk)
    shown = {
        "department": here,
        "form": form,
        "view": view,
        "words": words_of(chosen, known),
        "back": address_of(here, view, chosen),
    }
    return _page(request, "new", shown)


def _read(
    here: Department, given: Mapping[str, str]
) -> tuple[View, filters.Filter, filters.Options]:
    known = filters.options(here)
    try:
        return view_of(given.get("view", "open")), filters.read(given, known), known
    except filters.BadFilter:
        raise Http404 from None


@login_required
@require_http_methods(["GET", "POST"])
def saved_change(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """Rename a view, share it or no longer."""
    here = queue_of(request.user, department)
    kept = _theirs(request.user, here, pk)
    initial = {"name": kept.name, "is_shared": kept.is_shared}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        try:
            saved_views.rename(kept, by=request.user, at=timezone.now(), **given)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            tell(request, _("Kept."))
            return redirect("desk:saved", here.slug, kept.pk)
    return _page(request, "change", {"department": here, "form": form, "saved": kept})


@login_required
@require_http_methods(["GET", "POST"])
def saved_remove(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """Ask first; then the view is gone, and the requests stay where they are."""
    here = queue_of(request.user, department)
    kept = _theirs(request.user, here, pk)
    if request.method == "POST":
        saved_views.remove(kept, by=request.user)
        tell(request, _("“%(name)s” is removed.") % {"name": kept.name})
        return redirect("desk:view", here.slug, "open")
    return _page(request, "remove", {"department": here, "saved": kept})


def _page(request: SignedInRequest, name: str, shown: dict[str, Any]) -> HttpResponse:
    form: ViewForm | None = shown.get("form")
    status = 422 if form is not None and form.errors else 200
    return render(request, f"desk/saved_{name}.html", shown, status=status)


def _kept(user: User, here: Department, pk: int) -> SavedView:
    """One of the views that the person sees. Raises Http404."""
    if pk > LARGEST_KEY:
        raise Http404
    return get_object_or_404(saved_views.seen_by(user, here.pk).select_related("owner"), pk=pk)


def _theirs(user: User, here: Department, pk: int) -> SavedView:
    """One that is theirs to change. Raises Http404, NotAllowed."""
    kept = _kept(user, here, pk)
    if not saved_views.may_change(user, kept):
        raise NotAllowed(_("Whoever keeps this view, or a lead, changes it."))
    return kept


def words_of(chosen: filters.Filter, known: filters.Options) -> str:
    """The filter as one line of words, without what is any."""
    said = filters.sentence(chosen, known)
    named = [said[name].words for name in said if getattr(chosen, name) not in ("", "due")]
    return ", ".join(named) or _("nothing left out")
