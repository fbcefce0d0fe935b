"""What narrows a search for requests: department, status, person, dates; all in the address."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Department, User
from requests_app.lifecycle import OPEN_STATUSES, Status
from requests_app.search import Wanted
from servicedesk.portal.asking import suggesting
from servicedesk.portal.finding import person

STILL_OPEN = "open"
STATUSES = [
    ("", gettext_lazy("Any")),
    (STILL_OPEN, gettext_lazy("All that are open")),
    (Status.NEW.value, gettext_lazy("Not yet begun")),
    (Status.IN_PROGRESS.value, gettext_lazy("Being worked on")),
    (Status.AWAITING_APPROVAL.value, gettext_lazy("Waiting for approval")),
    (Status.WAITING_REQUESTER.value, gettext_lazy("Waiting for whoever asked")),
    (Status.WAITING_THIRD_PARTY.value, gettext_lazy("Waiting for someone outside")),
    (Status.RESOLVED.value, gettext_lazy("Done, to be confirmed")),
    (Status.CLOSED.value, gettext_lazy("Closed")),
    (Status.CANCELLED.value, gettext_lazy("Cancelled")),
    (Status.DECLINED.value, gettext_lazy("Declined")),
]
FIELDS = ("department", "status", "person", "since", "until")


class NarrowForm(forms.Form):
    """The filter of a search. `wanted` says what to look for."""

    use_required_attribute = False

    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=STATUSES, required=False)
    person = forms.CharField(
        label=gettext_lazy("Person"),
        required=False,
        max_length=254,
        widget=forms.TextInput({"placeholder": gettext_lazy("Address, number or name")}),
    )
    since = forms.DateField(
        label=gettext_lazy("Asked since"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Asked until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: QueryDict, *, suggest_url: str) -> None:
        super().__init__(data)
        self.departments = {one.slug: one for one in Department.objects.order_by("name", "pk")}
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Any"))] + [(slug, d.name) for slug, d in self.departments.items()]
        self.fields["person"].widget.attrs.update(suggesting(suggest_url))
        self.someone: User | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything is filled in, right or wrong."""
        return any(self.data.get(name, "").strip() for name in FIELDS)

    def clean(self) -> dict[str, Any]:
        """Look up the person; the last day must not come before the first."""
        given = dict(self.cleaned_data)
        if given.get("person"):
            self.someone = person(given["person"])
            if self.someone is None:
                self.add_error("person", _("We know nobody with this address, number or name."))
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day comes before the other."))
        return given

    def wanted(self, text: str) -> Wanted:
        """What is looked for; days are the reader's. Only of a valid form."""
        given, chosen = self.cleaned_data, self.departments.get(self.cleaned_data["department"])
        status = given["status"]
        return Wanted(
            text=text,
            department_id=chosen.pk if chosen else None,
            statuses=_statuses(status),
            person_id=self.someone.pk if self.someone else None,
            since=_midnight(given["since"], 0),
            until=_midnight(given["until"], 1),
        )

    @property
    def sentence(self) -> str:
        """The filter in words, such as "Finance, being worked on, since 1 November 2026"."""
        if not self.is_valid():
            return ""
        given = self.cleaned_data
        chosen = self.departments.get(given["department"])
        words = [
            chosen.name if chosen else "",
            str(dict(STATUSES)[given["status"]]).lower() if given["status"] else "",
            self.someone.name if self.someone else "",
            _("since %(day)s") % {"day": _day(given["since"])} if given["since"] else "",
            _("until %(day)s") % {"day": _day(given["until"])} if given["until"] else "",
        ]
        return ", ".join(word for word in words if word)


def _statuses(chosen: str) -> frozenset[str]:
    if chosen == STILL_OPEN:
        return frozenset(map(str, OPEN_STATUSES))
    return frozenset({chosen} if chosen else ())


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _midnight(day: date | None, days_later: int) -> datetime | None:
    if day is None or day >= date(9999, 1, 1):
        return None
    start = datetime.combine(day + timedelta(days=days_later), time())
    return timezone.make_aware(start) if day.year > 1 else None
