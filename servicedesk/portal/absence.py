"""The form in which one says on which days one is away, and who stands in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from servicedesk.portal.asking import suggesting
from servicedesk.portal.finding import colleague


def _day(label: Any, required: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        error_messages={"required": required, "invalid": gettext_lazy("Write a date.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AbsenceForm(forms.Form):
    """First and last day away, and a colleague."""

    use_required_attribute = False

    first_day = _day(
        gettext_lazy("First day away"), gettext_lazy("Say from which day you are away.")
    )
    last_day = _day(gettext_lazy("Last day away"), gettext_lazy("Say until which day."))
    deputy = forms.CharField(
        label=gettext_lazy("Who stands in"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("A colleague’s e-mail or employee number."),
    )

    def __init__(
        self, data: QueryDict | None = None, *, person: User, today: date, suggest_url: str = ""
    ) -> None:
        super().__init__(data)
        self.person, self.today = person, today
        self.fields["deputy"].widget.attrs.update(suggesting(suggest_url))

    def clean_last_day(self) -> date:
        last: date = self.cleaned_data["last_day"]
        if last < self.today:
            raise ValidationError(_("This day is over already."))
        return last

    def clean_deputy(self) -> User | None:
        given = self.cleaned_data["deputy"]
        if not given:
            return None
        found = colleague(given)
        if found is None:
            raise ValidationError(_("Nobody here has that address or number."))
        return found

    def refuse(self, error: ValidationError) -> None:
        """Show what the deed refused beside its field."""
        if hasattr(error, "error_dict"):
            for name, messages in error.message_dict.items():
                self.add_error(name if name in self.fields else None, messages)
        else:
            self.add_error(None, error)
