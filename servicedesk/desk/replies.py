"""The canned replies of a department, kept by its leads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.models import Department, User
from requests_app import canned
from requests_app.canned import StaleReply
from requests_app.errors import Refused
from requests_app.models import CannedReply
from servicedesk.desk.reach import led
from servicedesk.frame import tell
from servicedesk.paging import LARGEST_KEY
from servicedesk.signed_in import SignedInRequest


class ReplyForm(forms.Form):
    """A reply's name and text; `seen` says which state of it was read."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("By which you find it while you write."),
        max_length=80,
        error_messages={"required": gettext_lazy("Give the reply a name.")},
    )
    text = forms.CharField(
        label=gettext_lazy("What it says"),
        help_text=gettext_lazy(
            "Markdown. Words in curly brackets, such as {requester_first_name}, are filled in from "
            "the request."
        ),
        max_length=canned.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Write what it says.")},
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Only variables that a request can fill in."""
        text: str = self.cleaned_data["text"]
        unknown = canned.unknown_variables(text)
        if unknown:
            raise forms.ValidationError(canned.unknown_words(unknown))
        return text

    def refuse(self, refusal: Refused) -> None:
        """Put what was not liked beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)

    def seen_at(self) -> datetime | None:
        """When the reply had been changed that was read; None: never."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


@login_required
@require_GET
def replies(request: SignedInRequest, department: str) -> HttpResponse:
    """All of them: a hundred at most, so on one page."""
    here = led(request.user, department)
    rows = canned.of(request.user, here)
    return render(request, "desk/replies.html", {"department": here, "rows": rows})


@login_required
@require_http_methods(["GET", "POST"])
def reply_new(request: SignedInRequest, department: str) -> HttpResponse:
    """Write a new one."""
    return _edit(request, led(request.user, department), None)


@login_required
@require_http_methods(["GET", "POST"])
def reply(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """Change one."""
    here = led(request.user, department)
    return _edit(request, here, _reply(request.user, here, pk))


def _edit(request: SignedInRequest, here: Department, one: CannedReply | None) -> HttpResponse:
    is_sent = request.method == "POST"
    form = ReplyForm(request.POST if is_sent else None, initial=_initial(one))
    if not is_sent or "look" in request.POST or not form.is_valid():
        return _page(request, here, one, form)
    try:
        kept = canned.keep(
            here,
            name=form.cleaned_data["name"],
            text=form.cleaned_data["text"],
            by=request.user,
            at=timezone.now(),
            reply=one,
            seen=form.seen_at(),
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, here, one, form)
    except StaleReply:
        return _too_late(request, here, one, form)
    tell(request, _("“%(name)s” is kept.") % {"name": kept.name})
    return redirect("desk:replies", here.slug)


def _initial(one: CannedReply | None) -> dict[str, Any]:
    if one is None:
        return {}
    return {"name": one.name, "text": one.text, "seen": one.updated_at.isoformat()}


def _too_late(
    request: SignedInRequest, here: Department, one: CannedReply | None, form: ReplyForm
) -> HttpResponse:
    """Someone else kept it meanwhile: theirs is shown, and what was typed can be sent again."""
    theirs = canned.of(request.user, here).filter(pk=one.pk).first() if one else None
    again = form.data.copy()  # type: ignore[attr-defined]
    again["seen"] = theirs.updated_at.isoformat() if theirs else ""
    form.data = again
    return _page(request, here, theirs, form, late=True)


def _page(
    request: SignedInRequest,
    here: Department,
    one: CannedReply | None,
    form: ReplyForm,
    *,
    late: bool = False,
) -> HttpResponse:
    looks = "look" in request.POST
    shown = {
        "department": here,
        "reply": one,
        "form": form,
        "late": late,
        "looks": looks,
        "look": canned.fill(str(form["text"].value() or ""), canned.example()),
        "variables": [(f"{{{name}}}", words) for name, words in canned.VARIABLES.items()],
    }
    status = 409 if late else 422 if form.errors and not looks else 200
    return render(request, "desk/reply.html", shown, status=status)


@login_required
@require_POST
def reply_look(request: SignedInRequest, department: str) -> HttpResponse:
    """The text as typed, filled in with an example; nothing is kept."""
    led(request.user, department)
    text = request.POST.get("text", "").replace("\x00", "")[: canned.LONGEST]
    shown = {"look": canned.fill(text, canned.example())}
    return render(request, "desk/_reply_look.html", shown)


@login_required
@require_http_methods(["GET", "POST"])
def reply_remove(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """Ask first; what was sent with it stays as it was sent."""
    here = led(request.user, department)
    one = _reply(request.user, here, pk)
    if request.method == "POST":
        canned.remove(one, by=request.user, at=timezone.now())
        tell(request, _("“%(name)s” is removed.") % {"name": one.name})
        return redirect("desk:replies", here.slug)
    return render(request, "desk/reply_remove.html", {"department": here, "reply": one})


def _reply(user: User, here: Department, pk: int) -> CannedReply:
    """One of the department's. Raises Http404."""
    if pk > LARGEST_KEY:
        raise Http404
    return get_object_or_404(canned.of(user, here), pk=pk)
