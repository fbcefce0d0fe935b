"""What narrows a search for requests: department, status, person, dates; all in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from people.models import Department, User
from people.prepared import prepared
from requests_app.lifecycle import OPEN_STATUSES, Status
from requests_app.search import Wanted
from servicedesk.fields import words
from servicedesk.parts import e, safe
from servicedesk.portal.asking import suggesting
from servicedesk.portal.finding import person
from servicedesk.templatetags.desk import control

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


Departments = tuple[tuple[int, str, str], ...]
"""Id, address and name of each, by name."""


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

    def __init__(self, data: QueryDict, *, suggest_url: str, known: Departments) -> None:
        super().__init__(data)
        self.departments = {slug: (pk, name) for pk, slug, name in known}
        department = self.fields["department"]
        assert isinstance(department, forms.ChoiceField)
        department.choices = [("", _("Any"))] + [(slug, name) for _pk, slug, name in known]
        self.fields["person"].widget.attrs.update(suggesting(suggest_url))
        self.someone: User | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything is filled in, right or wrong."""
        return _narrows(self.data)

    @property
    def drawn(self) -> SafeString:
        """Its fields."""
        return safe("".join(_drawn(one) for one in self))

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
            department_id=chosen[0] if chosen else None,
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
        said = [
            chosen[1] if chosen else "",
            str(dict(STATUSES)[given["status"]]).lower() if given["status"] else "",
            self.someone.name if self.someone else "",
            _("since %(day)s") % {"day": _day(given["since"])} if given["since"] else "",
            _("until %(day)s") % {"day": _day(given["until"])} if given["until"] else "",
        ]
        return ", ".join(one for one in said if one)


@dataclass(frozen=True, slots=True)
class Unnarrowed:
    """The same where nothing is filled in: its fields, which are those of the search before."""

    drawn: SafeString
    narrows: bool = False
    sentence: str = ""
    errors: Mapping[str, Any] = field(default_factory=dict)

    def is_valid(self) -> bool:
        """Nothing can be wrong."""
        return True

    def wanted(self, text: str) -> Wanted:
        """What is looked for."""
        return Wanted(text)


def narrowing(data: QueryDict, *, suggest_url: str) -> NarrowForm | Unnarrowed:
    """The filter of an address; one query, and one more for a person."""
    known = tuple(_departments())
    if _narrows(data):
        return NarrowForm(data, suggest_url=suggest_url, known=known)
    return _unnarrowed(known, suggest_url, get_language())


@lru_cache(maxsize=16)
def _unnarrowed(known: Departments, suggest_url: str, _language: str | None) -> Unnarrowed:
    return Unnarrowed(NarrowForm(QueryDict(), suggest_url=suggest_url, known=known).drawn)


@prepared
def _departments() -> QuerySet[Department, tuple[int, str, str]]:
    return Department.objects.order_by("name", "pk").values_list("pk", "slug", "name")


def _narrows(data: Mapping[str, Any]) -> bool:
    return any(data.get(name, "").strip() for name in FIELDS)


def _drawn(one: BoundField) -> str:
    return (
        f'<div class="field"><label for="{e(one.id_for_label)}">{e(one.label)}</label>'
        f"{words(one)}{control(one)}</div>"
    )


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
