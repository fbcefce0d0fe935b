"""Two versions side by side, in words: what is different, and which way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calendars.models import Calendar
from catalogue.models import Service
from people.models import Department
from requests_app.priority import Priority
from slas import budgets
from slas.conditions import METRICS, Conditions
from slas.engine import Act

METRIC_WORDS: Mapping[str, Any] = {
    "first_response": gettext_lazy("First response"),
    "next_reply": gettext_lazy("Next reply"),
    "update": gettext_lazy("Regular news"),
    "resolution": gettext_lazy("Resolution"),
}
ACT_WORDS: Mapping[str, Any] = {
    Act.TELL_ASSIGNEE: gettext_lazy("Tell the assignee"),
    Act.TELL_LEAD: gettext_lazy("Tell the lead"),
    Act.TELL_MANAGER: gettext_lazy("Tell the manager"),
    Act.RAISE_PRIORITY: gettext_lazy("Raise the priority"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is different."""

    label: str
    before: str
    after: str
    tone: str = ""
    """Of a promise: "good" where it is tighter, "warning" where it is looser."""


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called; those that are nowhere any more keep their number."""

    departments: Mapping[int, str]
    services: Mapping[int, str]
    calendars: Mapping[int, str]

    @classmethod
    def of(cls, *said: Conditions | None) -> Names:
        """The names in these conditions: three queries, fewer where there is nothing to name."""
        known = [one for one in said if one is not None]
        clients = {pk for one in known for pk in one.clients}
        services = {pk for one in known for pk in one.services or ()}
        calendars = {one.calendar_id for one in known if one.calendar_id is not None}
        return cls(
            dict(Department.objects.filter(pk__in=clients).values_list("pk", "name")),
            dict(Service.objects.filter(pk__in=services).values_list("pk", "name")),
            dict(Calendar.objects.filter(pk__in=calendars).values_list("pk", "name")),
        )

    def clients_of(self, said: Conditions) -> list[str]:
        """The clients by name, in their order."""
        return sorted(self.departments.get(pk, str(pk)) for pk in said.clients)

    def services_of(self, said: Conditions) -> list[str]:
        """The services by name, in their order; none where it is all of them."""
        return sorted(self.services.get(pk, str(pk)) for pk in said.services or ())


def differences(before: Conditions | None, after: Conditions, names: Names) -> list[Line]:
    """What is different, in the order of the editor; all of it where there is nothing before."""
    lines = _of_targets(before, after)
    then = {} if before is None else _rest(before, names)
    for label, words in _rest(after, names).items():
        if then.get(label, "") != words:
            lines.append(Line(label, then.get(label, ""), words))
    return lines


def _of_targets(before: Conditions | None, after: Conditions) -> list[Line]:
    lines = []
    for metric in METRICS:
        for priority in Priority:
            was = before.targets.get((metric, priority)) if before else None
            now = after.targets.get((metric, priority))
            if was == now:
                continue
            looser = now is None or (was is not None and now > was)
            lines.append(
                Line(
                    f"{METRIC_WORDS[metric]}, {priority}",
                    budgets.write(was) if was else "",
                    budgets.write(now) if now else _("not promised"),
                    "" if before is None else "warning" if looser else "good",
                )
            )
    return lines


def _rest(said: Conditions, names: Names) -> dict[str, str]:
    yes, no = _("yes"), _("no")
    services = names.services_of(said)
    found = {
        _("For"): ", ".join(names.clients_of(said)),
        _("Services"): ", ".join(services) if services else _("all services"),
        _("Working hours"): names.calendars.get(said.calendar_id or 0, ""),
        _("Stands still for a third party outside"): yes if said.pauses_for_third_party else no,
    }
    found |= client_part(said)
    for priority in Priority:
        found[_("Warn, %(priority)s") % {"priority": priority}] = percents(
            said.thresholds.get(priority, ())
        )
        for act, words in ACT_WORDS.items():
            steps = [one.percent for one in said.escalation.get(priority, ()) if one.act == act]
            found[f"{words}, {priority}"] = percents(steps)
    found[_("Goes back to the queue untouched")] = yes if said.takes_back else no
    found[_("Review")] = "" if said.review_on is None else day(said.review_on)
    return found


def client_part(said: Conditions) -> dict[str, str]:
    """What the client does for its part: label to words, empty where it is not asked."""
    answer = said.answer_within
    return {
        _("Answers our questions within"): "" if answer is None else budgets.write(answer),
        _("Fills in the form completely"): _("yes") if said.complete_form else "",
        _("Tells us of larger needs ahead by"): ""
        if said.notice_days is None
        else ngettext("%d working day", "%d working days", said.notice_days) % said.notice_days,
    }


def percents(some: Any) -> str:
    """Percents of a budget in words; empty where there are none."""
    return ", ".join(f"{one} %" for one in some)


def day(on: date) -> str:
    """A date as agreements say it."""
    return date_format(on, "j M Y")
