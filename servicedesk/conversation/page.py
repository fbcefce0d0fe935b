"""What stands on a request's page: one address, two faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.forms import BoundField
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalogue.answers import shown
from people.models import User
from requests_app import access
from requests_app.access import FULL_VIEW
from requests_app.lifecycle import DEEDS, Deed, Role, Status
from requests_app.models import Event, ServiceRequest
from requests_app.wording import plain_status
from servicedesk import wording
from servicedesk.conversation import clock_story, deeds
from servicedesk.conversation.deeds import Offer
from servicedesk.conversation.forms import (
    IMPACTS,
    URGENCIES,
    DeedForm,
    look_again_default,
)
from servicedesk.conversation.timeline import Conversation, conversation
from slas import promises


@dataclass(frozen=True, slots=True)
class ComposerField:
    """A field of the composer, and the tabs in which it shows."""

    field: BoundField
    tabs: str


@dataclass(frozen=True, slots=True)
class Composer:
    """One box and what can be done with it."""

    tabs: Sequence[Offer]
    chosen: str
    fields: Sequence[ComposerField]
    message: BoundField
    form: DeedForm
    """The form of the chosen tab: its errors, its key."""
    readers: str


def find(user: User, reference: str) -> ServiceRequest:
    """The request with that reference, if this person may know of it. Raises Http404."""
    return get_object_or_404(access.visible_to(user).for_page(), reference=reference)


def page(
    request: HttpRequest, service_request: ServiceRequest, now: datetime, *, sent: DeedForm | None = None
) -> dict[str, Any]:
    """Everything the page of a request shows to this reader; `sent` is what was just refused."""
    user: User = request.user  # type: ignore[assignment]
    held = access.roles(user, service_request)
    provider = bool(held & FULL_VIEW)
    request.provider_department_id = service_request.provider_department_id  # type: ignore[attr-defined]
    possible = access.offered(held, service_request)
    face = "provider" if provider else "requester"
    talk = _conversation(request, service_request, provider)
    lines = promises.promise_lines(service_request, now, face=face)
    return {
        "service_request": service_request,
        "face": face,
        "is_agent": deeds.is_provider(held),
        "key": uuid4(),
        "status": _status(service_request, provider),
        "talk": talk,
        "lines": lines,
        "chip": _chip(lines),
        "story": _story(service_request, lines, now),
        "calendars": promises.open_intervals(_calendar_ids(lines), now),
        "composer": composer(service_request, held, face, possible, _chosen(request), sent, now),
        "head": deeds.beside_title(possible) if provider else [],
        "others": deeds.others(face, possible),
        "decides": any(deed.name == "approve" for deed in possible),
        "confirms": any(deed.name == "confirm" for deed in possible),
        "steps": [] if provider else steps(service_request, lines, now),
        "about": _about(service_request, user, provider),
        "answers": [] if talk.begins else _answers(service_request, provider),
    }


def _conversation(
    request: HttpRequest, service_request: ServiceRequest, provider: bool
) -> Conversation:
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise Http404
    try:
        return conversation(
            service_request, provider=provider, before=int(before) if before else None
        )
    except Event.DoesNotExist:
        raise Http404 from None


def _chosen(request: HttpRequest) -> str:
    return request.GET.get("act", "")


def _status(service_request: ServiceRequest, provider: bool) -> dict[str, str]:
    info = service_request.info
    words = _(info.label) if provider else plain_status(service_request)
    return {"words": words, "tone": info.tone, "icon": info.icon}


# -- Promises ------------------------------------------------------------------------------------


def _chip(lines: Sequence[Any]) -> Any:
    """The promise of the title: the first that is still open, else the last."""
    open_lines = [line for line in lines if line.chip.state not in ("met", "missed", "none")]
    found = next(iter(open_lines), None) or (lines[-1] if lines else None)
    return found.chip if found else None


def _calendar_ids(lines: Sequence[Any]) -> set[int]:
    return {line.chip.calendar_id for line in lines if line.chip.calendar_id}


def _story(
    service_request: ServiceRequest, lines: Sequence[Any], now: datetime
) -> clock_story.Story | None:
    clock = next((line.clock for line in lines if line.metric == "resolution"), None)
    return clock_story.story(service_request, clock, now) if clock else None


# -- Composer ------------------------------------------------------------------------------------


def composer(
    service_request: ServiceRequest,
    held: frozenset[Role],
    face: str,
    possible: Sequence[Deed],
    chosen: str,
    sent: DeedForm | None,
    now: datetime,
) -> Composer | None:
    """The box under the conversation; None for a reader who may only read."""
    tabs = deeds.tabs(face, possible)
    if not tabs:
        return None
    chosen = sent.deed.name if sent else chosen
    chosen = chosen if chosen in [tab.name for tab in tabs] else tabs[0].name
    initial = {"look_again_on": look_again_default(timezone.localdate(now))}
    forms = {tab.name: DeedForm(DEEDS[tab.name], service_request, held, initial=dict(initial)) for tab in tabs}
    if sent is not None and sent.deed.name in forms:
        forms[sent.deed.name] = sent
    form = forms[chosen]
    return Composer(
        tabs=tabs,
        chosen=chosen,
        fields=_fields(forms, form),
        message=form["message"],
        form=form,
        readers=_readers(service_request, face),
    )


def _fields(forms: dict[str, DeedForm], chosen: DeedForm) -> list[ComposerField]:
    """Each field once, with the tabs that it belongs to; the chosen tab's own where it has one."""
    wearers: dict[str, list[str]] = {}
    for name, form in forms.items():
        for field in form.visible_fields():
            if field.name != "message":
                wearers.setdefault(field.name, []).append(name)
    return [
        ComposerField((chosen if name in chosen.fields else forms[tabs[0]])[name], " ".join(tabs))
        for name, tabs in wearers.items()
    ]


def _readers(service_request: ServiceRequest, face: str) -> str:
    if face == "requester":
        return _("%(department)s reads this.") % {"department": service_request.provider_department.name}
    return _("%(name)s reads this.") % {"name": service_request.requester.short_name}


# -- About ---------------------------------------------------------------------------------------


def _about(service_request: ServiceRequest, user: User, provider: bool) -> list[tuple[str, Any]]:
    also = [one.user.name for one in service_request.participants.select_related("user")[:20]]
    service = format_html(
        '<a href="{}">{}</a>', service_request.service.get_absolute_url(), service_request.service.name
    )
    who = service_request.assignee.name if service_request.assignee else _("nobody yet")
    pairs: list[tuple[str, Any]] = [
        (_("Client"), service_request.client_department.name) if provider
        else (_("With"), service_request.provider_department.name),
        (_("Asked by"), service_request.requester.name),
        (_("Also here"), ", ".join(also)),
        (_("Assignee") if provider else _("Worked on by"), who),
        (_("Approval by"), service_request.approver.name if service_request.approver else ""),
        (_("Service"), service),
    ]  # fmt: skip
    if provider:
        pairs.append((_("Team"), service_request.team.name))
        pairs.append((_("Priority"), priority_words(service_request)))
    if service_request.restricted:
        pairs.append((_("Restricted"), _("Only the team, the assignee and who asked see it")))
    return [(name, value) for name, value in pairs if value]


def priority_words(service_request: ServiceRequest) -> str:
    """The priority with what it follows from."""
    impact = dict(IMPACTS).get(service_request.impact, "")  # type: ignore[call-overload]
    urgency = dict(URGENCIES).get(service_request.urgency, "")  # type: ignore[call-overload]
    return f"{service_request.priority}: {impact}. {urgency}."


def _answers(service_request: ServiceRequest, provider: bool) -> list[tuple[str, str]]:
    spec = service_request.form_version.spec
    return [
        (one.label, words) for one, words in shown(spec, service_request.answers, provider=provider)
    ]


# -- Steps (the requester's face) ----------------------------------------------------------------


def steps(
    service_request: ServiceRequest, lines: Sequence[Any], now: datetime
) -> list[dict[str, Any]]:
    """Where the request stands on its way, in plain words: asked, worked on, done, confirmed."""
    found = [_step(_("Received"), _when(service_request.submitted_at, now), "met")]
    if service_request.status in (Status.CANCELLED, Status.DECLINED):
        return [
            *found,
            _step(plain_status(service_request), _when(service_request.status_since, now), "missed"),
        ]
    done = service_request.resolved_at
    found.append(_work(service_request, lines, now))
    found.append(
        _step(_("Done"), _when(done, now), "met") if done
        else _step(_("Done"), _promised(lines), "none")
    )  # fmt: skip
    closed = service_request.closed_at
    found.append(
        _step(_("Confirmed"), _when(closed, now), "met") if closed
        else _step(
            _("You say that it works"), _closes(service_request, now),
            "on-track" if done else "none",
        )
    )  # fmt: skip
    return found


def _work(service_request: ServiceRequest, lines: Sequence[Any], now: datetime) -> dict[str, Any]:
    if service_request.resolved_at:
        who = service_request.assignee.name if service_request.assignee else ""
        return _step(_("Worked on"), who, "met")
    since = _("since %(moment)s") % {"moment": _when(service_request.status_since, now, inside=True)}
    chip = next((line.chip for line in lines if line.metric == "resolution"), None)
    if service_request.status == Status.NEW:
        name = service_request.provider_department.name
        return _step(_("%(name)s has it; nobody has begun yet") % {"name": name}, since, "on-track", chip)
    state = "paused" if service_request.info.tone == "waiting" else "on-track"
    return _step(plain_status(service_request), since, state, chip)


def _step(title: str, detail: str, state: str, chip: Any = None) -> dict[str, Any]:
    percent = chip.percent if chip is not None and chip.percent else 0
    return {"title": title, "detail": detail, "state": state, "percent": percent}


def _promised(lines: Sequence[Any]) -> str:
    chip = next((line.chip for line in lines if line.metric == "resolution"), None)
    return chip.words if chip else ""


def _closes(service_request: ServiceRequest, now: datetime) -> str:
    if service_request.closes_at is None:
        return ""
    return _("by itself %(moment)s") % {"moment": _when(service_request.closes_at, now, inside=True)}


def _when(at: datetime | None, now: datetime, *, inside: bool = False) -> str:
    if at is None:
        return ""
    return wording.moment(timezone.localtime(at), timezone.localtime(now), inside=inside)


def address(service_request: ServiceRequest, name: str) -> str:
    """Where the deed is done."""
    return reverse("conversation:deed", args=[service_request.reference, name])
