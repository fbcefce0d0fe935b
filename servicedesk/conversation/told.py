"""What an event says, in one table: the words, the icon, and whether its message stands alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from people.translated import gettext as _
from requests_app.models import Event
from slas.models import Reason


@dataclass(frozen=True, slots=True)
class Names:
    """The names behind the ids of a page of events, fetched in bulk."""

    people: Mapping[int, str] = field(default_factory=dict)
    departments: Mapping[int, str] = field(default_factory=dict)
    services: Mapping[int, str] = field(default_factory=dict)
    metrics: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[int, str] = field(default_factory=dict)
    vendors: Mapping[int, str] = field(default_factory=dict)
    """Whom the event of this id waits for, while it does: no event keeps it."""

    def person(self, pk: int | None) -> str:
        """The person's name; the desk itself has none."""
        return _("the desk") if pk is None else self.people.get(pk, _("someone who has left"))

    def department(self, pk: int) -> str:
        """The department's name."""
        return self.departments.get(pk, _("a department"))

    def service(self, pk: int) -> str:
        """The service's name."""
        return self.services.get(pk, _("a service"))

    def metric(self, name: str) -> str:
        """What the promise is called."""
        return self.metrics.get(name, name)


def _who(event: Event) -> str:
    return event.actor.name if event.actor else _("The desk")


def _day(iso: str | None) -> str:
    return date_format(date.fromisoformat(iso), "l j F") if iso else ""


def _submitted(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s asked for this") % {"who": _who(event)}


def _taken(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s took it") % {"who": _who(event)}


def _released(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s gave it back to the queue") % {"who": _who(event)}


def _assigned(event: Event, data: Any, names: Names) -> str:
    if data.assignee_id is None:
        return _("%(who)s left it to nobody") % {"who": _who(event)}
    if data.assignee_id == event.actor_id:
        return _("%(who)s took it over") % {"who": _who(event)}
    return _("%(who)s handed it to %(name)s") % {
        "who": _who(event),
        "name": names.person(data.assignee_id),
    }


def _replied(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s replied") % {"who": _who(event)}


def _noted(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s wrote a note") % {"who": _who(event)}


def _asked(_event: Event, data: Any, _names: Names) -> str:
    if data.look_again_on:
        return _("Waiting for the answer; to be looked at again on %(day)s") % {
            "day": _day(data.look_again_on)
        }
    return _("Waiting for the answer")


def _held(event: Event, data: Any, names: Names) -> str:
    vendor = names.vendors.get(event.pk) or _("someone outside")
    if data.look_again_on:
        return _("Waiting for %(vendor)s; to be looked at again on %(day)s") % {
            "vendor": vendor,
            "day": _day(data.look_again_on),
        }
    return _("Waiting for %(vendor)s") % {"vendor": vendor}


def _answered(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s answered") % {"who": _who(event)}


def _resumed(event: Event, _data: Any, _names: Names) -> str:
    if event.actor is None:
        return _("The day to look at it again has come; it goes on")
    return _("%(who)s went on with it") % {"who": _who(event)}


def _approval_asked(event: Event, data: Any, names: Names) -> str:
    return _("%(who)s asked %(name)s to approve it") % {
        "who": _who(event),
        "name": names.person(data.approver_id),
    }


def _approval_decided(event: Event, data: Any, _names: Names) -> str:
    if data.approved:
        return _("%(who)s approved it") % {"who": _who(event)}
    return _("%(who)s did not approve it") % {"who": _who(event)}


def _resolved(event: Event, _data: Any, _names: Names) -> str:
    if event.actor is None:
        return _("No answer came; set to done by itself")
    return _("%(who)s says it is done") % {"who": _who(event)}


def _reopened(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s opened it again: not yet solved") % {"who": _who(event)}


def _closed(event: Event, data: Any, _names: Names) -> str:
    if data.confirmed:
        return _("%(who)s confirmed that it works") % {"who": _who(event)}
    return _("Closed by itself: nobody said otherwise")


def _cancelled(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s cancelled it") % {"who": _who(event)}


def _declined(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s declined it") % {"who": _who(event)}


def _transferred(event: Event, data: Any, names: Names) -> str:
    if data.from_provider_id == data.to_provider_id:
        return _("%(who)s moved it to %(service)s") % {
            "who": _who(event),
            "service": names.service(data.to_service_id),
        }
    return _("%(who)s handed it from %(before)s to %(after)s") % {
        "who": _who(event),
        "before": names.department(data.from_provider_id),
        "after": names.department(data.to_provider_id),
    }


def _prioritised(event: Event, data: Any, _names: Names) -> str:
    if data.before == data.priority:
        return _("%(who)s corrected impact and urgency; it stays %(priority)s") % {
            "who": _who(event),
            "priority": data.priority,
        }
    return _("%(who)s changed the priority from %(before)s to %(after)s") % {
        "who": _who(event),
        "before": data.before,
        "after": data.priority,
    }


def _participant_added(event: Event, data: Any, names: Names) -> str:
    return _("%(who)s shared it with %(name)s") % {
        "who": _who(event),
        "name": names.person(data.user_id),
    }


def _participant_removed(event: Event, data: Any, names: Names) -> str:
    return _("%(who)s took %(name)s off it") % {
        "who": _who(event),
        "name": names.person(data.user_id),
    }


def _annotated(event: Event, _data: Any, _names: Names) -> str:
    return _("%(who)s filled in what only the provider sees") % {"who": _who(event)}


def _calendar_changed(_event: Event, _data: Any, _names: Names) -> str:
    return _("Working hours changed; what is due was reckoned anew")


def _agreement_changed(_event: Event, _data: Any, _names: Names) -> str:
    return _("A new version of what is promised holds for this request, too")


def _nudged(_event: Event, data: Any, _names: Names) -> str:
    if data.number == 1:
        return _("Reminder: an answer is still waited for")
    return _("Reminder number %(number)d: an answer is still waited for") % {"number": data.number}


def _look_again(_event: Event, _data: Any, _names: Names) -> str:
    return _("The day to look at it again has come")


def _warned(_event: Event, data: Any, names: Names) -> str:
    return _("%(percent)s %% of the time for “%(promise)s” is used") % {
        "percent": data.threshold,
        "promise": names.metric(data.metric),
    }


def _breached(_event: Event, data: Any, names: Names) -> str:
    if data.cause == "retargeted":
        return _("The promise “%(promise)s” is late: its time became shorter") % {
            "promise": names.metric(data.metric)
        }
    return _("The promise “%(promise)s” is late since this moment") % {
        "promise": names.metric(data.metric)
    }


_ACTS = {
    "tell_assignee": gettext_lazy("whoever works on it was told"),
    "tell_lead": gettext_lazy("the leads were told"),
    "tell_manager": gettext_lazy("the manager was told"),
    "raise_priority": gettext_lazy("the priority is to be raised"),
}


def _escalated(_event: Event, data: Any, names: Names) -> str:
    return _("%(percent)s %% of the time for “%(promise)s” is used: %(acts)s") % {
        "percent": data.threshold,
        "promise": names.metric(data.metric),
        "acts": ", ".join(str(_ACTS[one]) for one in data.acts),
    }


def _breach_explained(event: Event, data: Any, names: Names) -> str:
    return _("%(who)s says why “%(promise)s” was late: %(reason)s") % {
        "who": _who(event),
        "promise": names.metric(data.metric),
        "reason": Reason(data.reason).label if data.reason in Reason.values else data.reason,
    }


def _rated(_event: Event, data: Any, names: Names) -> str:
    return _("Rated %(score)s of 5: %(word)s") % {
        "score": data.score,
        "word": names.scores.get(data.score, ""),
    }


@dataclass(frozen=True, slots=True)
class Telling:
    """How a kind of event is told."""

    words: Callable[[Event, Any, Names], str]
    icon: str
    with_text: str = "before"
    """When it comes with a message: its own line "before" or "after" it, or "quiet": none."""
    tone: str = ""
    folds: bool = True
    """Whether it may disappear into a burst."""


TELLINGS: dict[str, Telling] = {
    "submitted": Telling(_submitted, "inbox", "quiet"),
    "taken": Telling(_taken, "hand"),
    "released": Telling(_released, "undo-2"),
    "assigned": Telling(_assigned, "user"),
    "replied": Telling(_replied, "reply", "quiet"),
    "noted": Telling(_noted, "lock", "quiet"),
    "asked": Telling(_asked, "pause", "after", folds=False),
    "held": Telling(_held, "pause", "after", folds=False),
    "answered": Telling(_answered, "reply", "quiet"),
    "resumed": Telling(_resumed, "play"),
    "approval_asked": Telling(_approval_asked, "file-check"),
    "approval_decided": Telling(_approval_decided, "file-check", folds=False),
    "resolved": Telling(_resolved, "check", folds=False),
    "reopened": Telling(_reopened, "undo-2", folds=False),
    "closed": Telling(_closed, "check-check", folds=False),
    "cancelled": Telling(_cancelled, "x", folds=False),
    "declined": Telling(_declined, "ban", folds=False),
    "transferred": Telling(_transferred, "arrow-right-left"),
    "prioritised": Telling(_prioritised, "signal"),
    "participant_added": Telling(_participant_added, "user-plus"),
    "participant_removed": Telling(_participant_removed, "user-minus"),
    "annotated": Telling(_annotated, "lock"),
    "calendar_changed": Telling(_calendar_changed, "calendar"),
    "agreement_changed": Telling(_agreement_changed, "handshake"),
    "nudged": Telling(_nudged, "bell", folds=False),
    "look_again": Telling(_look_again, "calendar"),
    "warned": Telling(_warned, "timer"),
    "breached": Telling(_breached, "alarm-clock", tone="late", folds=False),
    "escalated": Telling(_escalated, "megaphone"),
    "breach_explained": Telling(_breach_explained, "message-square-text"),
    "invited": Telling(_rated, "star"),  # kept for figures, shown to nobody
    "rated": Telling(_rated, "star", folds=False),
}


def words(event: Event, names: Names) -> str:
    """The event in one sentence."""
    return TELLINGS[event.kind].words(event, event.data, names)
