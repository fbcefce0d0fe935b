"""What stands on a request's page: one address, two faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.forms import BoundField
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from catalogue.answers import shown
from feedback.shown import received
from people.models import User
from people.prepared import prepared
from people.translated import gettext as _
from requests_app import access, reply_drafts
from requests_app.access import FULL_VIEW
from requests_app.lifecycle import DEEDS, Deed, Role, Status
from requests_app.models import (
    Event,
    Participant,
    ReplyDraft,
    ServiceRequest,
)
from requests_app.wording import plain_status
from servicedesk import forecast
from servicedesk.conversation import breaches, clock_story, deeds, keeping, own_fields
from servicedesk.conversation.agreed import agreed, deciding
from servicedesk.conversation.deeds import Offer
from servicedesk.conversation.forms import (
    IMPACTS,
    URGENCIES,
    ClosedTabs,
    DeedForm,
    look_again_default,
)
from servicedesk.conversation.keeping import staged_before
from servicedesk.conversation.steps import steps
from servicedesk.conversation.timeline import Conversation, conversation
from servicedesk.signed_in import SignedInRequest
from servicedesk.uploads import Staged
from slas import promises
from slas.models import AgreementVersion


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
    files: BoundField | None
    mentions: BoundField | None
    """Where colleagues are named, for the tabs that have it."""
    seen: int
    """The newest event on the page: what is written is written knowing it."""
    form: DeedForm
    """The form of the chosen tab: its errors, its key."""


@dataclass(frozen=True, slots=True)
class Before:
    """With what the composer begins."""

    chosen: str
    """The tab that the address names."""
    draft: ReplyDraft | None
    staged: Staged
    seen: int
    sent: DeedForm | None
    """What was just refused."""


@dataclass(frozen=True, slots=True)
class OnIt:
    """Someone with whom the request is shared."""

    name: str
    department: str
    url: str
    """Where they are taken off; empty where that is not the reader's to do."""


def page(
    request: SignedInRequest,
    service_request: ServiceRequest,
    now: datetime,
    *,
    sent: DeedForm | None = None,
) -> dict[str, Any]:
    """Everything the page of a request shows to this reader; `sent` is what was just refused."""
    user = request.user
    held = access.roles(user, service_request)
    provider = bool(held & FULL_VIEW)
    request.provider_department_id = service_request.provider_department_id  # type: ignore[attr-defined]
    possible = access.offered(held, service_request)
    face: promises.Face = "provider" if provider else "requester"
    talk = _conversation(request, service_request, provider)
    draft = reply_drafts.draft_of(user, service_request)
    spec = service_request.form_version.spec
    if not own_fields.questions(spec):
        possible = [deed for deed in possible if deed.name != "annotate"]
    lines = promises.promise_lines(service_request, now, face=face)
    return {
        "service_request": service_request,
        "face": face,
        "is_agent": deeds.is_provider(held),
        "only_manages": held == {Role.MANAGER},
        "key": uuid4(),
        "status": _status(service_request, provider),
        "talk": talk,
        "lines": lines,
        "agreed": agreed(user, service_request, _version(lines), provider=provider),
        "chip": _chip(lines),
        "story": _story(service_request, lines, now, user.pk),
        "unexplained": breaches.asked(user, held, service_request, lines),
        "calendars": promises.open_intervals(_calendar_ids(lines), now),
        "composer": composer(
            service_request,
            held,
            face,
            possible,
            Before(_chosen(request), draft, staged_before(draft, user), talk.last_event_id, sent),
            now,
        ),
        "draft": draft if sent is None else None,
        "forecast": forecast.words(service_request, now, provider=provider),
        "people": _people(service_request, possible),
        "own": _own(service_request) if provider else [],
        "fills_in": any(deed.name == "annotate" for deed in possible),
        "is_live": talk.is_newest,
        "head": deeds.beside_title(possible) if provider else [],
        "others": deeds.others(face, possible),
        "decides": any(deed.name == "approve" for deed in possible),
        "confirms": any(deed.name == "confirm" for deed in possible),
        "steps": [] if provider else steps(service_request, lines, now),
        "about": _about(service_request, user, provider),
        "answers": [] if talk.begins else talk.answers,
        "received": received(service_request, user, now, provider=provider),
    }


def _conversation(
    request: SignedInRequest, service_request: ServiceRequest, provider: bool
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


def _chosen(request: SignedInRequest) -> str:
    return request.GET.get("act", "")


def _status(service_request: ServiceRequest, provider: bool) -> dict[str, str]:
    info = service_request.info
    in_plain = not provider or service_request.status == Status.WAITING_THIRD_PARTY
    words = plain_status(service_request) if in_plain else _(info.label)
    return {"words": words, "tone": info.tone, "icon": info.icon}


# -- Promises ------------------------------------------------------------------------------------


def _chip(lines: Sequence[Any]) -> Any:
    """The promise of the title: the first that is still open, else the last."""
    open_lines = [line for line in lines if line.chip.state not in ("met", "missed", "none")]
    found = next(iter(open_lines), None) or (lines[-1] if lines else None)
    return found.chip if found else None


def _calendar_ids(lines: Sequence[Any]) -> set[int]:
    return {line.chip.calendar_id for line in lines if line.chip.calendar_id}


def _version(lines: Sequence[Any]) -> AgreementVersion | None:
    clock = deciding(line.clock for line in lines)
    return clock.agreement_version if clock else None


def _story(
    service_request: ServiceRequest, lines: Sequence[Any], now: datetime, reader_id: int
) -> clock_story.Story | None:
    clock = next((line.clock for line in lines if line.metric == "resolution"), None)
    return clock_story.story(service_request, clock, now, reader_id) if clock else None


# -- Composer ------------------------------------------------------------------------------------


def composer(
    service_request: ServiceRequest,
    held: frozenset[Role],
    face: str,
    possible: Sequence[Deed],
    before: Before,
    now: datetime,
) -> Composer | None:
    """The box under the conversation; None for a reader who may only read."""
    tabs = deeds.tabs(face, possible)
    if not tabs:
        return None
    sent, draft = before.sent, before.draft
    names = [tab.name for tab in tabs]
    wishes = [sent.deed.name] if sent else [before.chosen, draft.deed if draft else ""]
    chosen = next((one for one in wishes if one in names), names[0])
    initial: dict[str, Any] = {
        "look_again_on": look_again_default(timezone.localdate(now)),
        "seen": before.seen,
        **keeping.typed_before(draft),
    }
    if draft:
        initial["key"] = draft.key
    form = sent
    if form is None or form.deed.name != chosen:
        form = DeedForm(
            DEEDS[chosen], service_request, held, initial=dict(initial), staged=before.staged
        )
    closed = ClosedTabs([DEEDS[name] for name in names], service_request, held, initial)
    return Composer(
        tabs=tabs,
        chosen=chosen,
        fields=_fields(form, closed),
        message=form["message"],
        files=form["files"] if "files" in form.fields else None,
        mentions=next(
            (one["mentions"] for one in (form, closed) if "mentions" in one.fields), None
        ),
        seen=(form["seen"].value() if "seen" in form.fields else None) or before.seen,
        form=form,
    )


def _fields(chosen: DeedForm, closed: ClosedTabs) -> list[ComposerField]:
    """Each field once, with the tabs that it belongs to; the chosen tab's own where it has one."""
    order = {name: place for place, name in enumerate(("service", "third_party", "look_again_on"))}
    return [
        ComposerField((chosen if name in chosen.fields else closed)[name], " ".join(tabs))
        for name, tabs in sorted(
            closed.wanted_by.items(), key=lambda one: order.get(one[0], len(order))
        )
    ]


# -- About ---------------------------------------------------------------------------------------


def _about(service_request: ServiceRequest, user: User, provider: bool) -> list[tuple[str, Any]]:
    service = format_html(
        '<a href="{}">{}</a>',
        service_request.service.get_absolute_url(),
        service_request.service.name,
    )
    who = service_request.assignee.name if service_request.assignee else _("nobody yet")
    pairs: list[tuple[str, Any]] = [
        (_("Client"), service_request.client_department.name)
        if provider
        else (_("With"), service_request.provider_department.name),
        (_("Asked by"), service_request.requester.name),
        (_("Assignee") if provider else _("Handled by"), who),
        (_("Approval by"), service_request.approver.name if service_request.approver else ""),
        (_("Service"), service),
    ]
    if provider:
        pairs.append((_("Team"), service_request.team.name))
        pairs.append((_("Priority"), priority_words(service_request)))
    if service_request.restricted:
        pairs.append((_("Restricted"), _("Only the team, the assignee and who asked see it")))
    return [(name, value) for name, value in pairs if value]


def _people(service_request: ServiceRequest, possible: Sequence[Deed]) -> list[OnIt]:
    """Who else is on it, with the way to take them off; one query."""
    address = reverse("conversation:deed", args=[service_request.reference, "unshare"])
    may = any(deed.name == "unshare" for deed in possible)
    return [
        OnIt(name, department, f"{address}?user={pk}" if may else "")
        for pk, name, department in _participants(service_request.pk)
    ]


@prepared
def _participants(service_request_id: int) -> QuerySet[Participant, tuple[int, str, str]]:
    found = Participant.objects.filter(service_request=service_request_id)
    return found.order_by("user__name", "pk").values_list(
        "user", "user__name", "user__department__name"
    )


def _own(service_request: ServiceRequest) -> list[tuple[str, Any]]:
    """What only the provider sees of the form, as far as it is no file."""
    spec = service_request.form_version.spec
    ours = {one.key for one in own_fields.questions(spec)}
    kept = {key: value for key, value in service_request.answers.items() if key in ours}
    said = {one.key: words for one, words in shown(spec, kept, provider=True)}
    return [(one.label, said.get(one.key) or "–") for one in own_fields.questions(spec)]


def priority_words(service_request: ServiceRequest) -> str:
    """The priority with what it follows from."""
    impact = dict(IMPACTS).get(service_request.impact, "")  # type: ignore[call-overload]
    urgency = dict(URGENCIES).get(service_request.urgency, "")  # type: ignore[call-overload]
    return f"{service_request.priority}: {impact}. {urgency}."
