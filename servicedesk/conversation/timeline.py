"""The conversation of one request as a reader sees it: a page of entries, lines and bursts.

Six queries at most, however many events there are: events, messages, files, people, departments,
services. Ratings are no part of it: they stand beside it once they are released.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from catalogue.answers import shown
from catalogue.fields import Kind
from catalogue.models import Service
from feedback.models import SCORES
from people.models import Department, User
from people.prepared import prepared
from people.translated import gettext as _
from requests_app.file_types import PICTURES, SHOWN
from requests_app.files import with_messages
from requests_app.kinds import Audience, Via
from requests_app.lifecycle import Status
from requests_app.markdown import render
from requests_app.models import Attachment, Event, Message, ServiceRequest
from servicedesk.conversation.told import TELLINGS, Names, words

PAGE = 40
BURST = 3
"""So many quiet lines in a row are folded into one."""


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file under what was written, or in an answer."""

    name: str
    url: str
    size: int
    opens: bool
    """In a tab of its own; else it is saved."""
    picture: bool
    """Small enough to be shown beside its name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something a person wrote."""

    name: str
    affiliation: str
    at: datetime
    html: SafeString | str
    anchor: str
    ours: bool = False
    """Written by someone of the provider."""
    is_note: bool = False
    new: bool = False
    chip: str = ""
    tone: str = ""
    answers: Sequence[tuple[str, Any]] = ()
    files: Sequence[ShownFile] = ()
    shape: str = "entry"


@dataclass(frozen=True, slots=True)
class Line:
    """One quiet line of the desk's own."""

    words: str
    icon: str
    at: datetime
    tone: str = ""
    folds: bool = True
    shape: str = "line"


@dataclass(frozen=True, slots=True)
class Burst:
    """Several quiet lines, folded."""

    words: str
    events: Sequence[Line]
    at: datetime
    shape: str = "burst"


Item = Entry | Line | Burst


@dataclass(frozen=True, slots=True)
class Conversation:
    """A page of the timeline, oldest first."""

    items: Sequence[Item]
    earlier: int | None
    """The id of the event before which the earlier page ends."""
    is_newest: bool
    begins: bool
    """Whether the very first event is on this page."""
    last_event_id: int
    answers: Sequence[tuple[str, Any]] = ()
    """Those of the form, which the first entry shows where it is on this page."""


def conversation(
    service_request: ServiceRequest, *, provider: bool, before: int | None = None, size: int = PAGE
) -> Conversation:
    """The newest `size` events that the reader may see, or those before the event `before`.

    Raises Event.DoesNotExist where `before` is no event of this request.
    """
    if before is None and size == PAGE:
        newest_first = _newest_page(service_request.pk, _audiences(provider))
    else:
        wanted = _events(service_request.pk).filter(audience__in=_audiences(provider))
        if before is not None:
            edge = service_request.events.get(pk=before)
            wanted = wanted.filter(at__lte=edge.at).exclude(at=edge.at, pk__gte=edge.pk)
        newest_first = list(wanted.order_by("-at", "-pk")[: size + 1])
    page = newest_first[:size][::-1]
    more = len(newest_first) > size
    told = _Told(service_request, page, provider)
    return Conversation(
        items=_fold(_items(told, page)),
        earlier=page[0].pk if more else None,
        is_newest=before is None,
        begins=not more,
        last_event_id=_last_event_id(service_request, newest_first, provider, before),
        answers=told.answers,
    )


def _last_event_id(
    service_request: ServiceRequest, page: Sequence[Event], provider: bool, before: int | None
) -> int:
    """The newest event at the time of reading; findings are dated back, so ids are compared."""
    if before is not None:
        return newest_event(service_request, provider=provider)
    return max((event.pk for event in page), default=0)


def _audiences(provider: bool) -> list[str]:
    return [Audience.REQUESTER, Audience.PROVIDER] if provider else [Audience.REQUESTER]


def _events(service_request_id: int) -> QuerySet[Event]:
    told = Event.objects.filter(service_request=service_request_id)
    # Ratings of earlier days were recorded for the provider to read; now they stand beside it.
    return told.exclude(kind="rated").select_related("actor__department")


@prepared
def _newest_page(service_request_id: int, audiences: Collection[str]) -> QuerySet[Event]:
    told = _events(service_request_id).filter(audience__among=audiences)
    return told.order_by("-at", "-pk")[: PAGE + 1]


class _Told:
    """What the events of a page speak of, fetched in bulk."""

    def __init__(
        self, service_request: ServiceRequest, events: Sequence[Event], provider: bool
    ) -> None:
        self.service_request = service_request
        self.provider = provider
        self.data = {event.pk: event.data for event in events}
        self.messages = _messages(self.data.values(), provider)
        self.names = _names(self.data.values(), _vendors(service_request, events))
        found = with_messages(service_request, self.messages, provider=provider)
        self._files: dict[int | None, list[Attachment]] = {}
        for one in found:
            self._files.setdefault(one.message_id, []).append(one)

    def files(self, message: Message) -> list[ShownFile]:
        """Those under a message."""
        return [shown_file(self.service_request, one) for one in self._files.get(message.pk, ())]

    @property
    def answers(self) -> list[tuple[str, Any]]:
        """The answers of the form in words; a file as a link."""
        by_id = {one.pk: one for one in self._files.get(None, ())}
        request = self.service_request
        pairs: list[tuple[str, Any]] = []
        for one, said in shown(request.form_version.spec, request.answers, provider=self.provider):
            words: Any = said
            if one.provider_only and one.kind is not Kind.FILE:
                continue  # stands beside the conversation, where it is filled in
            if one.kind is Kind.FILE:
                kept = by_id.get(request.answers[one.key]["file"])
                words = _linked(shown_file(request, kept)) if kept else _("(removed)")
            pairs.append((one.label, words))
        return pairs


LARGEST_SHOWN = 4 * 1024 * 1024
"""Bytes of a picture that the conversation shows by itself."""


def shown_file(service_request: ServiceRequest, one: Attachment) -> ShownFile:
    """A file as the page shows it."""
    return ShownFile(
        name=one.name,
        url=reverse("conversation:file", args=[service_request.reference, one.pk, one.name]),
        size=one.size,
        opens=one.content_type in SHOWN,
        picture=one.content_type in PICTURES and one.size <= LARGEST_SHOWN,
    )


def _linked(one: ShownFile) -> SafeString:
    if one.opens:
        return format_html(
            '<a href="{}?show=1" target="_blank" rel="noopener">{}</a>', one.url, one.name
        )
    return format_html('<a href="{}">{}</a>', one.url, one.name)


def _items(told: _Told, events: Sequence[Event]) -> list[Item]:
    items: list[Item] = []
    for event in events:
        data = told.data[event.pk]
        message = told.messages.get(getattr(data, "message_id", None) or 0)
        if event.kind == "submitted":
            items.append(_submission(told, event, message))
        else:
            items += _lines(told, event, message)
    return items


def _lines(told: _Told, event: Event, message: Message | None) -> list[Item]:
    """The event as a line, its message as an entry, or both in the order of its kind."""
    telling = TELLINGS[event.kind]
    line = Line(words(event, told.names), telling.icon, event.at, telling.tone, telling.folds)
    if message is None:
        return [line]
    entry = _entry(told, event, message)
    orders: dict[str, list[Item]] = {
        "before": [line, entry],
        "after": [entry, line],
        "quiet": [entry],
    }
    return orders[telling.with_text]


def _entry(told: _Told, event: Event, message: Message) -> Entry:
    ours = event.payload.get("by_provider", False) or not message.is_public
    by_itself = event.actor is None
    new = not by_itself and told.provider and not ours
    new = new and _unanswered(told.service_request, message)
    chip = _CHIPS.get(event.kind) if not by_itself else None
    files = told.files(message)
    return Entry(
        name=event.actor.name if event.actor else _("The desk"),
        affiliation=_affiliation(event),
        at=event.at,
        html="" if files and not message.text else _html(message),
        anchor=f"m{message.pk}",
        ours=ours,
        is_note=not message.is_public,
        new=new,
        chip=chip[0]() if chip else "",
        tone=chip[1] if chip else "",
        files=files,
    )


_CHIPS: dict[str, tuple[Callable[[], str], str]] = {
    "asked": (lambda: _("Question"), "waiting"),
    "held": (lambda: _("On hold"), "waiting"),
    "resolved": (lambda: _("Solution"), "good"),
    "reopened": (lambda: _("Not yet solved"), "warning"),
    "declined": (lambda: _("Reason"), ""),
}


def _unanswered(service_request: ServiceRequest, message: Message) -> bool:
    answered = service_request.provider_spoke_at
    return service_request.is_open and (answered is None or message.at > answered)


def _html(message: Message) -> SafeString | str:
    return render(message.text) if message.text else render(_("*(This text was removed.)*"))


def _affiliation(event: Event) -> str:
    where = event.actor.department.name if event.actor else ""
    return _("%(department)s, by mail") % {"department": where} if event.via == Via.MAIL else where


def _submission(told: _Told, event: Event, message: Message | None) -> Entry:
    """What was asked, as the first entry: the answers of the form, and the text if there is one."""
    service_request = told.service_request
    name = event.actor.name if event.actor else service_request.requester.name
    affiliation = _affiliation(event) or service_request.client_department.name
    if service_request.requester_id != event.actor_id:
        affiliation = _("for %(name)s") % {"name": service_request.requester.name}
    return Entry(
        name=name,
        affiliation=affiliation,
        at=event.at,
        html=_html(message) if message else "",
        anchor="asked",
        answers=told.answers,
        files=told.files(message) if message else (),
    )


def _messages(told: Iterable[Any], provider: bool) -> dict[int, Message]:
    ids = {one.message_id for one in told if getattr(one, "message_id", None)}
    found = _readable(ids, (True, False) if provider else (True,)) if ids else []
    return {message.pk: message for message in found}


@prepared
def _readable(ids: Collection[int], public: Collection[bool]) -> QuerySet[Message]:
    return Message.objects.filter(pk__among=ids, is_public__among=public)


_PERSONS = ("assignee_id", "approver_id", "user_id")


def _vendors(service_request: ServiceRequest, events: Iterable[Event]) -> dict[int, str]:
    """Whom the request waits for now, by the event that said so, if it is among these."""
    if service_request.status != Status.WAITING_THIRD_PARTY or not service_request.third_party:
        return {}
    since = service_request.status_since
    held = [event for event in events if event.kind == "held" and event.at >= since]
    last = max(held, key=lambda event: (event.at, event.pk), default=None)
    return {last.pk: service_request.third_party} if last else {}


def _names(told: Iterable[Any], vendors: Mapping[int, str]) -> Names:
    told = list(told)
    moved = [one for one in told if hasattr(one, "to_provider_id")]
    return Names(
        people=_named(_people, {getattr(one, key, None) for one in told for key in _PERSONS}),
        departments=_named(
            _departments,
            {pk for one in moved for pk in (one.from_provider_id, one.to_provider_id)},
        ),
        services=_named(_services, {one.to_service_id for one in moved}),
        metrics=_metrics(),
        scores={score: str(word) for score, word in SCORES.items()},
        vendors=vendors,
    )


def _named(
    ask: Callable[[Collection[int]], list[tuple[int, str]]], ids: set[int | None]
) -> dict[int, str]:
    wanted = {pk for pk in ids if pk is not None}
    return dict(ask(wanted)) if wanted else {}


@prepared
def _people(ids: Collection[int]) -> QuerySet[User, tuple[int, str]]:
    return User.objects.filter(pk__among=ids).values_list("pk", "name")


@prepared
def _departments(ids: Collection[int]) -> QuerySet[Department, tuple[int, str]]:
    return Department.objects.filter(pk__among=ids).values_list("pk", "name")


@prepared
def _services(ids: Collection[int]) -> QuerySet[Service, tuple[int, str]]:
    return Service.objects.filter(pk__among=ids).values_list("pk", "name")


def _metrics() -> dict[str, str]:
    return {
        "first_response": _("First answer"),
        "next_reply": _("Next answer"),
        "update": _("News"),
        "resolution": _("Ready"),
        "holding": _("Our own time"),
    }


def _fold(items: Sequence[Item]) -> list[Item]:
    """Fold runs of quiet lines into bursts."""
    folded: list[Item] = []
    run: list[Line] = []
    for item in items:
        if isinstance(item, Line) and item.folds:
            run.append(item)
            continue
        folded.extend(_burst(run))
        run = []
        folded.append(item)
    return folded + _burst(run)


def _burst(run: Sequence[Line]) -> list[Item]:
    if len(run) < BURST:
        return list(run)
    summary = ngettext("%(n)d thing happened", "%(n)d things happened", len(run)) % {"n": len(run)}
    return [
        Burst(
            words=_("%(summary)s; last: %(said)s") % {"summary": summary, "said": run[-1].words},
            events=list(run),
            at=run[-1].at,
        )
    ]


def newest_event(service_request: ServiceRequest, *, provider: bool) -> int:
    """The id of the newest event that the reader may see; 0 where there is none."""
    return next(iter(_newest_event(service_request.pk, _audiences(provider))), 0)


@prepared
def _newest_event(service_request_id: int, audiences: Collection[str]) -> QuerySet[Event, int]:
    newest = _events(service_request_id).filter(audience__among=audiences).order_by("-at", "-pk")
    return newest.values_list("pk", flat=True)[:1]


def since(
    service_request: ServiceRequest, seen: int, *, provider: bool, but: User, most: int = 20
) -> list[Item]:
    """What others did after the event `seen`, in order, as the conversation shows it."""
    wanted = _events(service_request.pk).filter(audience__in=_audiences(provider))
    wanted = wanted.filter(pk__gt=seen).exclude(actor=but)
    events = list(wanted.order_by("-pk")[:most])[::-1]
    return _fold(_items(_Told(service_request, events, provider), events))


def last_moves(service_request: ServiceRequest, *, provider: bool, count: int = 3) -> list[Line]:
    """The last deeds, newest first: what happened while someone was still typing."""
    told = _events(service_request.pk).filter(audience__in=_audiences(provider))
    events = list(told.order_by("-at", "-pk")[:count])
    names = _names((event.data for event in events), _vendors(service_request, events))
    return [Line(words(event, names), TELLINGS[event.kind].icon, event.at) for event in events]
