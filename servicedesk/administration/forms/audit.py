"""What an administrator looks for in the audit."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import AuditEntry
from servicedesk.administration.forms.base import Form
from servicedesk.administration.told import kind_words
from servicedesk.paging import LARGEST_KEY

_DATE = {"invalid": gettext_lazy("Write a date.")}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        error_messages=_DATE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AuditFilter(Form):
    """By kind of thing, who changed it, and the days; `thing` is the id of one thing."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    who = forms.CharField(
        label=gettext_lazy("Changed by"),
        required=False,
        max_length=100,
    )
    first = _day(gettext_lazy("From"))
    last = _day(gettext_lazy("To"))
    thing = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_KEY, widget=forms.HiddenInput
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kinds = AuditEntry.objects.order_by("kind").values_list("kind", flat=True).distinct()
        field: Any = self.fields["kind"]
        field.choices = [("", _("Everything")), *((kind, kind_words(kind)) for kind in kinds)]
        field.error_messages["invalid_choice"] = _("Choose what is offered.")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            raise ValidationError({"last": _("The last day is before the first.")})
        return given

    def choose(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """The entries looked for, by days of the reader's zone; all, where the form is refused."""
        if not self.is_valid():
            return entries
        given = self.cleaned_data
        if given["kind"]:
            entries = entries.filter(kind=given["kind"])
        if given["thing"]:
            entries = entries.filter(thing_id=given["thing"])
        if given["who"]:
            who = given["who"]
            entries = entries.filter(
                Q(actor__name__icontains=who)
                | Q(actor__email__iexact=who)
                | Q(actor__employee_number=who)
            )
        if given["first"]:
            entries = entries.filter(at__gte=_midnight(given["first"]))
        if given["last"]:
            entries = entries.filter(at__lt=_midnight(given["last"] + timedelta(days=1)))
        return entries


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
