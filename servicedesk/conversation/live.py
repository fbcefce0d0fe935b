"""The page between two visits: what is typed is kept, and what others do is shown as it happens."""

from __future__ import annotations

import hashlib
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from requests_app import access, presence, reply_drafts
from requests_app.errors import Refused
from requests_app.kinds import Audience
from requests_app.lifecycle import PROVIDER_SIDE, Role
from requests_app.models import ServiceRequest
from requests_app.presence import Here
from servicedesk.conversation.finding import find
from servicedesk.conversation.keeping import keep
from servicedesk.frame import tell
from servicedesk.signed_in import SignedInRequest
from servicedesk.uploads import staged

MOST = 50
"""New things are counted so far and no further."""


def _find(request: SignedInRequest, reference: str) -> ServiceRequest:
    return find(request.user, reference, ServiceRequest.objects.all())


# -- Drafts --------------------------------------------------------------------------------------


def keep_draft(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Keep what is typed under the conversation: says when to a script, else shows the page again.

    Who is signed out is told so with 403: a sign-in page would be no answer to a script.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    return _keep_draft(cast("SignedInRequest", request), reference)


@require_POST
def _keep_draft(request: SignedInRequest, reference: str) -> HttpResponse:
    service_request, now = _find(request, reference), timezone.now()
    by_hand = "by-hand" in request.POST
    new = staged(request).ids if by_hand else ()
    try:
        kept = keep(request.POST, service_request, by=request.user, at=now, staged=new)
    except (ValueError, Refused):
        return HttpResponse(status=422)
    if by_hand:
        if kept:
            tell(request, _("Kept. It stands here until you send it."))
        return redirect(f"{service_request.get_absolute_url()}#composer")
    said = timezone.localtime(now).strftime("%H:%M")
    words = _("Kept as you typed, %(time)s") % {"time": said} if kept else ""
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@login_required
@require_POST
def forget_draft(request: SignedInRequest, reference: str) -> HttpResponse:
    """Let go what was typed: the box is empty again."""
    service_request = _find(request, reference)
    reply_drafts.forget(request.user, service_request)
    return redirect(f"{service_request.get_absolute_url()}#composer")


# -- News ----------------------------------------------------------------------------------------


@login_required
@require_GET
def news(request: SignedInRequest, reference: str) -> HttpResponse:
    """What others did since the event `since`, and who else is here; asked every few seconds.

    Whoever speaks for the provider is written down as being here (no more often than every ten
    seconds), and as writing with `writing=1`. Answers 304 while nothing is new.
    """
    service_request, now = _find(request, reference), timezone.now()
    held = access.roles(request.user, service_request)
    here: list[Here] = []
    if held & PROVIDER_SIDE and Role.REQUESTER not in held:
        writes = request.GET.get("writing") == "1"
        presence.arrive(request.user, service_request, at=now, writes=writes)
        here = presence.others(request.user, service_request, now)
    said, done = _since(request, service_request, bool(held & access.FULL_VIEW))
    tag = _tag(said, done, here)
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        shown: dict[str, Any] = {
            "service_request": service_request,
            "words": _words(said, done),
            "here": [_here_words(one) for one in here],
        }
        response = render(request, "conversation/_news.html", shown)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def _since(
    request: SignedInRequest, service_request: ServiceRequest, provider: bool
) -> tuple[int, int]:
    """How many messages of others came, and how many other things happened."""
    given = request.GET.get("since", "")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Http404
    audiences = [Audience.REQUESTER, Audience.PROVIDER] if provider else [Audience.REQUESTER]
    events = (
        service_request.events.filter(audience__in=audiences, pk__gt=int(given))
        .exclude(actor=request.user)
        .order_by()
        .values_list("kind", "payload__message_id")[:MOST]
    )
    found = list(events)
    # The reason of a transfer or of a new priority is a note: a thing that happened, to others.
    said = sum(1 for kind, message in found if message and (provider or kind not in _WITH_A_NOTE))
    return said, len(found) - said


_WITH_A_NOTE = frozenset({"transferred", "prioritised"})


def _words(said: int, done: int) -> str:
    if said:
        return ngettext("%d new message", "%d new messages", said) % said
    return _("Something has changed") if done else ""


def _here_words(one: Here) -> str:
    words = _("%(name)s is writing a reply") if one.writes else _("%(name)s is looking at this")
    return words % {"name": one.name}


def _tag(*parts: object) -> str:
    whole = f"{get_language()} {parts!r}"
    return f'"{hashlib.sha256(whole.encode()).hexdigest()[:20]}"'
