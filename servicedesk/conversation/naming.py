"""Naming colleagues in what one writes: who is meant, and who would see the request by it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CharField
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from people.models import User
from requests_app import access
from requests_app.lifecycle import DEEDS, Role
from requests_app.models import ServiceRequest

WITH_NAMES = frozenset({"reply", "answer", "note", "ask"})
"""The deeds in whose message colleagues may be named."""
MOST = 10


class _Together(forms.TextInput):
    """Several fields of one name read as one: a script may add to what was typed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The texts, one after the other."""
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return ", ".join(text for text in given if text)


class ColleaguesField(forms.CharField):
    """Colleagues by mail address, with commas or blanks between them; each once."""

    widget = _Together

    def __init__(self) -> None:
        super().__init__(
            label=_("Also bring in"),
            required=False,
            max_length=1000,
            help_text=_("Mail addresses of colleagues. They are told, and can write here."),
        )

    def clean(self, value: Any) -> list[User]:
        """The people. Raises ValidationError for whoever is not known, or for too many."""
        text = super().clean(value)
        wanted = list(dict.fromkeys(one.lower() for one in re.split(r"[\s,;]+", text) if one))
        if len(wanted) > MOST:
            raise ValidationError(_("At most %(most)d colleagues at once.") % {"most": MOST})
        if not wanted:
            return []
        people = User.objects.filter(is_active=True).select_related("department")
        found = people.annotate(address=Lower("email", output_field=CharField()))
        known = {one.email.lower(): one for one in found.filter(address__in=wanted)}
        if strange := [one for one in wanted if one not in known]:
            raise ValidationError(
                _("No colleague has the address %(address)s.") % {"address": strange[0]}
            )
        return [known[one] for one in wanted]


def let_in(
    people: list[User], deed: str, service_request: ServiceRequest, held: frozenset[Role]
) -> list[User]:
    """Those who would see the request only by being named; asked about before it is done.

    Empty where nobody is let in like this (a note, a restricted request, someone who may not
    share it): then the deed says so itself.
    """
    if deed == "note" or service_request.restricted or not DEEDS["share"].who & held:
        return []
    return [one for one in people if not access.roles(one, service_request)]
