"""What time will do to a request that waits, in one sentence, before it does it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app import waiting
from requests_app.models import ServiceRequest
from requests_app.waiting import Coming, Step
from servicedesk import wording


def words(service_request: ServiceRequest, now: datetime, *, provider: bool) -> str:
    """The next step and the last; empty where it does not wait, or waits in peace.

    One query for the provider's calendar while it waits, else none.
    """
    if service_request.wakes_at is None or not service_request.is_waiting:
        return ""
    steps = waiting.coming(service_request, waiting.calendar_of(service_request, now))
    if not provider:
        steps = [one for one in steps if one.step is not Step.LOOK_AGAIN]
    wanted = dict.fromkeys([*steps[:1], *steps[-1:]])
    at = {one: _when(max(one.at, service_request.wakes_at), now) for one in wanted}
    said = [_said(one, at[one], provider=provider) for one in wanted]
    return " ".join(said)


def _said(coming: Coming, when: str, *, provider: bool) -> str:
    match coming.step:
        case Step.NUDGE if provider:
            return _("They are reminded %(when)s.") % {"when": when}
        case Step.NUDGE:
            return _("We remind you %(when)s.") % {"when": when}
        case Step.LOOK_AGAIN:
            return _("To be looked at again %(when)s.") % {"when": when}
        case Step.GO_ON:
            return _("It goes on by itself %(when)s.") % {"when": when}
        case Step.GIVE_UP if provider:
            return _("Without an answer it is set to done %(when)s.") % {"when": when}
        case Step.GIVE_UP:
            return _("Without your answer it is set to done %(when)s.") % {"when": when}


def _when(at: datetime, now: datetime) -> str:
    return wording.moment(timezone.localtime(at), timezone.localtime(now), inside=True)
