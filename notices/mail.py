"""A waiting mail becomes a message: subject, text part and HTML part of equal worth.

Made at delivery, in the recipient's zone and language, from rows that can be erased. Of a
restricted request, or one that the recipient may no longer see, only reference and link are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import SCORES
from notices import agreements, telling
from notices.models import MailLine, OutboxMail, Purpose
from notices.plain import plain
from notices.words import BARE, BARE_INVITATION, WORDS, Words
from people.models import Organisation
from requests_app import access
from requests_app.models import Message, ServiceRequest
from slas.engine import Metric, State
from slas.models import AgreementDeed, Clock

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from people.models import User


MOST_REQUESTS = 50
"""So many requests one mail names."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail, ready to be sent or shown."""

    subject: str
    text: str
    html: str
    thread: str
    """What all mails about the same thing have in common."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened."""

    sentence: str
    quote: str
    files: str = ""
    """How many came with it; they are read on the request, not in the mail."""


def compose(row: OutboxMail, now: datetime) -> EmailMultiAlternatives | None:
    """The message; None where the recipient has left or nothing is left to tell."""
    rendered = render(row, now)
    if rendered is None:
        return None
    host = urlsplit(settings.BASE_URL).hostname
    message = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        to=[row.recipient.email],
        headers={
            "Message-ID": row.message_id,
            # The request itself is the root of the thread in which a mail reader shows its mails.
            "References": f"<{rendered.thread}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    message.attach_alternative(rendered.html, "text/html")
    return message


def render(row: OutboxMail, now: datetime) -> Rendered | None:
    """Subject and both parts in the recipient's language and zone; None as `compose`."""
    recipient = row.recipient
    if not recipient.is_active:
        return None
    if row.purpose == Purpose.DEAL:
        return _of_agreement(row, recipient)
    lines = list(row.lines.select_related("event__actor").order_by("event_id"))
    if not lines:
        return None
    about = {line.event.service_request_id for line in lines}
    if len(about) > 1:
        return _of_several(lines, about, recipient, now)
    service_request = ServiceRequest.objects.for_page().get(pk=about.pop())
    template = "news" if row.purpose == Purpose.LATE else row.purpose
    with translation.override(_language(recipient)):
        context = _context(row, lines, service_request, now)
        return _rendered(template, context, thread=service_request.reference)


def _rendered(template: str, context: dict[str, Any], *, thread: str) -> Rendered:
    return Rendered(
        subject=context["title"],
        text=render_to_string(f"notices/mail/{template}.txt", context).strip() + "\n",
        html=render_to_string(f"notices/mail/{template}.html", context),
        thread=thread,
    )


@dataclass(frozen=True, slots=True)
class Several:
    """What time has brought about on one of several requests."""

    title: str
    sentence: str
    url: str


def _of_several(
    lines: Sequence[MailLine], about: Collection[int], recipient: User, now: datetime
) -> Rendered:
    """Promises of several requests: each in a line, the latest worst; what is restricted, bare."""
    last = {line.event.service_request_id: line for line in lines}
    shown = sorted(about, key=lambda pk: (last[pk].kind == "warned", last[pk].event_id))
    rows = ServiceRequest.objects.for_page().filter(pk__in=shown[:MOST_REQUESTS])
    requests = {one.pk: one for one in rows}
    seen = set(access.visible_to(recipient).filter(pk__in=requests).values_list("pk", flat=True))
    late = sum(last[pk].kind != "warned" for pk in about)
    with translation.override(_language(recipient)):
        title = (
            ngettext("%d request is late", "%d requests are late", late) % late
            if late
            else _("%d requests are soon due") % len(about)
        )
        return _rendered(
            "late",
            _frame()
            | {
                "title": title,
                "told": [],
                "several": [
                    _one_of_several(last[pk], requests[pk], recipient, now, seen=pk in seen)
                    for pk in shown[:MOST_REQUESTS]
                ],
                "more": _more(len(about) - MOST_REQUESTS),
                "about": "",
                "why": _("You get this because you look after them, or after those who do."),
            }
            | _where_to_look(recipient),
            thread=f"promises-{recipient.pk}",
        )


def _where_to_look(recipient: User) -> dict[str, str]:
    """The queue; for a manager who works in none, the overview."""
    if recipient.memberships.exists():
        return {
            "meaning": _("What breaches next stands on top of the queue."),
            "button": _("Open the queue"),
            "url": settings.BASE_URL + reverse("desk:queue"),
        }
    return {
        "button": _("Open the overview"),
        "url": settings.BASE_URL + reverse("dashboards:overview"),
    }


def _more(count: int) -> str:
    return ngettext("… and %d more", "… and %d more", count) % count if count > 0 else ""


def _one_of_several(
    line: MailLine, service_request: ServiceRequest, recipient: User, now: datetime, *, seen: bool
) -> Several:
    bare = service_request.restricted or not seen
    words = BARE if bare else WORDS[line.kind]
    facts = _facts(line, service_request, now, recipient)
    return Several(
        title=_one_line(str(words.title) % facts),
        sentence=str(words.happened) % facts,
        url=settings.BASE_URL + telling.path(line.event, service_request),
    )


def _of_agreement(row: OutboxMail, recipient: User) -> Rendered:
    deeds = AgreementDeed.objects.select_related("agreement__provider", "department", "by")
    deed = deeds.get(pk=row.agreement_deed_id or 0)
    with translation.override(_language(recipient)):
        thread = f"agreement-{deed.agreement_id}"
        return _rendered("deal", _frame() | agreements.mail_context(deed), thread=thread)


def _frame() -> dict[str, Any]:
    """What stands around every mail."""
    organisation = Organisation.objects.first()
    return {
        "language": translation.get_language(),
        "desk": _("%(organisation)s desk") % {"organisation": organisation}
        if organisation
        else _("Service desk"),
        "profile_url": settings.BASE_URL + reverse("portal:profile"),
    }


def _language(recipient: User) -> str:
    known = dict(settings.LANGUAGES)
    return recipient.language if recipient.language in known else settings.LANGUAGE_CODE


def _context(
    row: OutboxMail, lines: Sequence[MailLine], service_request: ServiceRequest, now: datetime
) -> dict[str, Any]:
    recipient, last = row.recipient, lines[-1]
    bare = service_request.restricted or not access.sees(recipient, service_request)
    words = _bare_words(row) if bare else WORDS[last.kind]
    named = _facts(last, service_request, now, recipient)
    url = settings.BASE_URL + telling.path(last.event, service_request)
    return _frame() | {
        "title": _one_line(str(words.title) % named),
        "told": [Told(str(words.happened) % named, "")]
        if bare
        else _told(lines, service_request, now, recipient),
        "meaning": str(words.meaning) % named,
        "promises": _promises(service_request, now, recipient)
        if not bare and words.promise
        else [],
        "button": str(words.button) % named,
        "url": url,
        "answers": not bare and words.answers,
        "scores": [(score, word, f"{url}?score={score}") for score, word in SCORES.items()]
        if row.purpose == Purpose.RATE
        else [],
        "about": service_request.reference
        if bare
        else f"{service_request.reference}, {named['subject']}",
        "asked": ""
        if bare
        else _("Asked %(when)s")
        % {"when": telling.moment(service_request.submitted_at, now, recipient.zone_name)},
        "why": _why(recipient, service_request, last),
    }


def _bare_words(row: OutboxMail) -> Words:
    return BARE_INVITATION if row.purpose == Purpose.RATE else BARE


def _facts(
    line: MailLine, service_request: ServiceRequest, now: datetime, recipient: User
) -> dict[str, str]:
    zone = recipient.zone_name
    return telling.facts(line.event, service_request) | {
        "when": telling.moment(line.event.at, now, zone),
        "by": telling.moment(line.event.at, now, zone, bare=True),
    }


def _told(
    lines: Sequence[MailLine], service_request: ServiceRequest, now: datetime, recipient: User
) -> list[Told]:
    quotes = _quotes(lines)
    found = []
    for line in lines:
        words, (quote, files) = WORDS[line.kind], quotes.get(line.event_id, ("", ""))
        sentence = words.unquoted if words.unquoted and not quote else words.happened
        said = str(sentence) % _facts(line, service_request, now, recipient)
        found.append(Told(said, quote, files))
    return found


def _quotes(lines: Sequence[MailLine]) -> Mapping[int, tuple[str, str]]:
    """What was said at each event, if all who see the request may read it; how many files.

    A reminder says again what was asked.
    """
    said = {
        line.event_id: message_id
        for line in lines
        for message_id in (
            line.event.payload.get("message_id") or line.event.payload.get("question_id"),
        )
        if message_id
    }
    messages = Message.objects.filter(pk__in=said.values(), is_public=True)
    texts = {
        pk: (plain(text), _files(count, alone=not text))
        for pk, text, count in messages.values_list("pk", "text", Count("attachments"))
    }
    return {event: texts[pk] for event, pk in said.items() if pk in texts}


def _files(count: int, *, alone: bool) -> str:
    if not count:
        return ""
    if alone:
        return ngettext("%d file was added.", "%d files were added.", count) % count
    return ngettext("%d file is attached.", "%d files are attached.", count) % count


def _promises(service_request: ServiceRequest, now: datetime, recipient: User) -> list[str]:
    """By when what is promised, for each promise that runs and can still be kept."""
    words = {
        Metric.FIRST_RESPONSE: _("You hear from us by %(by)s."),
        Metric.NEXT_REPLY: _("You have an answer by %(by)s."),
        Metric.UPDATE: _("You hear how it goes on by %(by)s."),
        Metric.RESOLUTION: _("It is done by %(by)s."),
    }
    if recipient.pk != service_request.requester_id:
        words = {
            Metric.FIRST_RESPONSE: _("First response promised by %(by)s."),
            Metric.NEXT_REPLY: _("Next answer promised by %(by)s."),
            Metric.UPDATE: _("News promised by %(by)s."),
            Metric.RESOLUTION: _("Solution promised by %(by)s."),
        }
    running = (
        Clock.objects.promises()
        .filter(service_request=service_request, state=State.RUNNING, due_at__gt=now)
        .order_by("due_at", "pk")
    )
    return [
        words[Metric(clock.metric)]
        % {"by": telling.moment(clock.due_at, now, recipient.zone_name, bare=True)}
        for clock in running
        if clock.due_at is not None
    ]


def _why(recipient: User, service_request: ServiceRequest, last: MailLine) -> str:
    named = {
        "reference": service_request.reference,
        "provider": service_request.provider_department.name,
    }
    if recipient.pk == service_request.requester_id:
        return _("You get this because %(reference)s is your request.") % named
    if recipient.pk == service_request.assignee_id:
        return _("You get this because you work on %(reference)s.") % named
    if recipient.pk == service_request.approver_id:
        return _("You get this because you decide about %(reference)s.") % named
    if service_request.participants.filter(user=recipient).exists():
        return _("You get this because %(reference)s is shared with you.") % named
    if last.kind == "escalated":
        return _("You get this because the promise says who hears of %(reference)s.") % named
    return _("You get this because you belong to those in %(provider)s who look after it.") % named


def _one_line(text: str) -> str:
    return " ".join(text.split())
