"""Where a request stands on its way, for whoever asked: asked, worked on, done, confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from people.translated import gettext as _
from requests_app.lifecycle import Status
from requests_app.models import ServiceRequest
from requests_app.wording import plain_status
from servicedesk import wording


def steps(
    service_request: ServiceRequest, lines: Sequence[Any], now: datetime
) -> list[dict[str, Any]]:
    """Where the request stands on its way, in plain words: asked, worked on, done, confirmed."""
    found = [_step(_("Received"), _when(service_request.submitted_at, now), "met")]
    if service_request.status in (Status.CANCELLED, Status.DECLINED):
        return [
            *found,
            _step(
                plain_status(service_request), _when(service_request.status_since, now), "missed"
            ),
        ]
    done = service_request.resolved_at
    found.append(_work(service_request, lines, now))
    found.append(
        _step(_("Done"), _when(done, now), "met")
        if done
        else _step(_("Done"), _promised(lines), "none")
    )
    closed = service_request.closed_at
    found.append(
        _step(_("Confirmed"), _when(closed, now), "met")
        if closed
        else _step(
            _("You say that it works"),
            _closes(service_request, now),
            "on-track" if done else "none",
        )
    )
    return found


def _work(service_request: ServiceRequest, lines: Sequence[Any], now: datetime) -> dict[str, Any]:
    if service_request.resolved_at:
        who = service_request.assignee.name if service_request.assignee else ""
        return _step(_("Worked on"), who, "met")
    since = _("since %(moment)s") % {
        "moment": _when(service_request.status_since, now, inside=True)
    }
    chip = next((line.chip for line in lines if line.metric == "resolution"), None)
    if service_request.status == Status.NEW:
        name = service_request.provider_department.name
        return _step(
            _("%(name)s has it; nobody has begun yet") % {"name": name}, since, "on-track", chip
        )
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
    return _("by itself %(moment)s") % {
        "moment": _when(service_request.closes_at, now, inside=True)
    }


def _when(at: datetime | None, now: datetime, *, inside: bool = False) -> str:
    if at is None:
        return ""
    return wording.moment(timezone.localtime(at), timezone.localtime(now), inside=inside)
