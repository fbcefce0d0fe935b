"""Deeds on several rows: chosen in the list, filled in on a page where there is more to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from people.models import Department
from servicedesk.desk import filters, several
from servicedesk.desk.lists import VIEWS
from servicedesk.desk.page import Asked, asked
from servicedesk.desk.reach import queue_of
from servicedesk.desk.several import ActForm, Outcome, SelectionForm
from servicedesk.desk.views import show
from servicedesk.frame import tell, warn
from servicedesk.signed_in import SignedInRequest

TITLES: dict[str, tuple[Any, Any, str]] = {
    "assign": (_("Assign the selected requests"), _("Assign"), "user"),
    "transfer": (_("Hand them to another service"), _("Hand them over"), "arrow-right-left"),
    "prioritise": (_("Change priority"), _("Change priority"), "signal"),
}
LONGEST_KEY = 80


@login_required
@require_http_methods(["GET", "POST"])
def bulk(request: SignedInRequest, department: str) -> HttpResponse:
    """One deed on several requests, each by itself; what could not be done is said."""
    here = queue_of(request.user, department)
    if request.method == "GET":  # the page of a refused one was loaded anew
        return redirect("desk:view", here.slug, "open")
    chosen = SelectionForm(request.POST)
    if not chosen.is_valid():
        return show(request, here, _came_from(request, here), chosen)
    act, selected = chosen.cleaned_data["act"], chosen.cleaned_data["selected"]
    is_begun = act in several.ASKS_FIRST and "sent" not in request.POST
    data = None if is_begun else request.POST
    form = several.form_of(act, data, here, request.user, selected)
    if not form.is_valid():
        return _ask(request, here, act, selected, form)
    outcome = several.do(act, selected, form, request.user, timezone.now())
    _say(request, here, outcome)
    return redirect(_back(request, here))


def _ask(
    request: SignedInRequest, here: Department, act: str, selected: Sequence[str], form: ActForm
) -> HttpResponse:
    """The page on which a deed is filled in, with the selection on it and what was typed."""
    title, send, icon = TITLES[act]
    rows = several.chosen_rows(request.user, here, selected)
    known = {one.reference for one in rows}
    shown = {
        "department": here,
        "form": form,
        "act": act,
        "rows": [(one, form.weight(one)) for one in rows],
        "strange": [one for one in dict.fromkeys(selected) if one not in known],
        "title": title,
        "send": send,
        "icon": icon,
        "back": _back(request, here),
    }
    return render(request, "desk/several.html", shown, status=422 if form.errors else 200)


def _say(request: SignedInRequest, here: Department, outcome: Outcome) -> None:
    if outcome.done:
        undo = ""
        if outcome.act in several.CAN_BE_UNDONE:
            given = {"key": outcome.key, "of": ",".join(outcome.done), "next": _back(request, here)}
            undo = f"{reverse('desk:undo', args=[here.slug])}?{urlencode(given)}"
        tell(request, outcome.done_words(), undo_url=undo)
    for words in outcome.failed_words():
        warn(request, words)


@login_required
@require_POST
def undo(request: SignedInRequest, department: str) -> HttpResponse:
    """Take back what was done to several, where nothing has happened since."""
    here = queue_of(request.user, department)
    key, references = request.GET.get("key", ""), request.GET.get("of", "").split(",")
    strange = len(references) > several.MOST or any(
        not one or len(one) > 20 or "\x00" in one for one in references
    )
    if strange or not key or len(key) > LONGEST_KEY or "\x00" in key:
        raise Http404
    outcome = several.undo(key, references, request.user, here, timezone.now())
    _say(request, here, outcome)
    return redirect(_back(request, here))


# -- Where one came from -------------------------------------------------------------------------


def _wanted(request: SignedInRequest) -> str:
    """The address of the list one came from, if it is one of ours; else empty."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe and len(wanted) <= 500 else ""


def _back(request: SignedInRequest, here: Department) -> str:
    return _wanted(request) or reverse("desk:view", args=[here.slug, "open"])


def _came_from(request: SignedInRequest, here: Department) -> Asked:
    """The view and filter one came from; all that is open where that cannot be told."""
    address = urlsplit(_wanted(request))
    try:
        match = resolve(address.path)
        is_view = match.view_name == "desk:view" and match.kwargs["department"] == here.slug
        if is_view and match.kwargs["name"] in VIEWS:
            return asked(here, VIEWS[match.kwargs["name"]], QueryDict(address.query).dict())
    except (Resolver404, filters.BadFilter):
        pass
    return asked(here, VIEWS["open"], {})
