"""What all forms here have in common."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from servicedesk.administration.places import country_choices, zone_choices

CHOOSE = ("", _("Choose"))


class Form(forms.Form):
    """A form that leaves it to the server to say what is wrong."""

    use_required_attribute = False

    def refuse(self, error: ValidationError) -> None:
        """Show what a deed refused, beside the field it is about; elsewhere, on top."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(
                name if name in self.fields and name != NON_FIELD_ERRORS else None,
                ValidationError([message for one in errors for message in one.messages]),
            )


def zone_field(**given: Any) -> forms.ChoiceField:
    """A choice of time zones."""
    return forms.ChoiceField(
        choices=lambda: [CHOOSE, *zone_choices()],
        error_messages={
            "required": _("Choose a time zone."),
            "invalid_choice": _("Choose one of the time zones offered."),
        },
        **({"label": _("Time zone")} | given),
    )


def country_field(**given: Any) -> forms.ChoiceField:
    """A choice of countries."""
    return forms.ChoiceField(
        choices=lambda: [CHOOSE, *country_choices()],
        error_messages={
            "required": _("Choose a country."),
            "invalid_choice": _("Choose one of the countries offered."),
        },
        **({"label": _("Country")} | given),
    )


def keep_known(field: Any, value: str) -> None:
    """Let a choice keep what the row has, though it is not among those offered today."""
    offered = list(field.choices)
    if value and value not in dict(offered):
        field.choices = [*offered, (value, value)]
