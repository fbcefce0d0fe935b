"""Files: staged while one still writes, and served to who may see their request."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from requests_app import access, files
from requests_app.file_types import HEAD, SHOWN, bears_out
from requests_app.models import ServiceRequest
from servicedesk.conversation.finding import find
from servicedesk.signed_in import SignedInRequest
from servicedesk.uploads import staged

POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
"""A file is looked at, never run: no script, no form, nothing fetched, an origin of its own."""


@login_required
@require_safe
def file(request: SignedInRequest, reference: str, pk: int, name: str) -> HttpResponseBase:
    """A file of a request, piece by piece: to be saved, or to be looked at with `?show=1`.

    Only pictures and PDF are shown, and only where their content is still that. 404 to whoever may
    not see the request, or not the note that the file stands under.
    """
    service_request = find(request.user, reference, ServiceRequest.objects.only("pk", *_RIGHTS))
    provider = access.sees_provider_side(request.user, service_request)
    found = files.readable(service_request, provider=provider).filter(pk=pk).first()
    if found is None or found.name != name:
        raise Http404
    tag = f'"{found.digest}"'
    if request.headers.get("If-None-Match") == tag:
        return _guarded(HttpResponse(status=304), tag)
    pieces = files.content(found)
    first = next(pieces, b"")
    shows = (
        "show" in request.GET
        and found.content_type in SHOWN
        and bears_out(found.content_type, first[:HEAD])
    )
    body: Iterator[bytes] = chain([first], pieces)
    response = StreamingHttpResponse(
        [] if request.method == "HEAD" else body, content_type=_content_type(found.content_type)
    )
    response["Content-Length"] = str(found.size)
    disposition = content_disposition_header(not shows, found.name)
    response["Content-Disposition"] = disposition or "attachment"
    return _guarded(response, tag)


_RIGHTS = (
    "requester_id",
    "approver_id",
    "assignee_id",
    "team_id",
    "provider_department_id",
    "client_department_id",
    "restricted",
    "status",
)


def _guarded(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _content_type(kept: str) -> str:
    """Text says how it is to be read; a mail is handed out as bytes, since browsers open some."""
    if kept == "message/rfc822":
        return "application/octet-stream"
    return f"{kept}; charset=utf-8" if kept.startswith("text/") else kept


@login_required
@require_POST
def stage(request: SignedInRequest) -> HttpResponse:
    """Take files while one still writes; the fragment that the form then carries."""
    taken = staged(request)
    status = 422 if taken.errors and not taken.files else 200
    return render(request, "conversation/_staged.html", {"staged": taken}, status=status)
