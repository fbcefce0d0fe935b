"""The form in which one says how the desk shall show things."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from people.zones import zone_label, zones_by_place

OF_DEPARTMENT = "department"


class ProfileForm(forms.Form):
    """A person's time zone and language."""

    use_required_attribute = False

    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("All times on your pages and in your mails are of this zone."),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the time zones offered.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=settings.LANGUAGES,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the languages offered.")},
    )

    def __init__(self, data: QueryDict | None, *, person: User) -> None:
        super().__init__(
            data, initial={"zone": person.zone or OF_DEPARTMENT, "language": person.language}
        )
        self.person = person
        own: Any = self.fields["zone"]
        own.choices = [
            (OF_DEPARTMENT, _("As my department: %(zone)s") % {"zone": person.department.zone}),
            *((name, zone_label(name)) for name in _zones(person)),
        ]

    def keep(self) -> None:
        """Keep the choices; only of a valid form."""
        zone = self.cleaned_data["zone"]
        self.person.zone = "" if zone == OF_DEPARTMENT else zone
        self.person.language = self.cleaned_data["language"]
        self.person.save(update_fields=["zone", "language"])


def _zones(person: User) -> list[str]:
    """Zones by the names of places; the one the person has is among them, whatever its name."""
    return sorted({*zones_by_place(), *([person.zone] if person.zone else [])})
