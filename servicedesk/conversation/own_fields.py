"""The questions that only the provider answers, as fields on a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.answers import LONG, SHORT
from catalogue.fields import FormField, FormSpec, Kind
from people.models import Department, User

PREFIX = "own_"
"""Before the key of each question: none takes the name of another field."""


class _PersonField(forms.EmailField):
    """A colleague by mail address; what is kept is the number."""

    def prepare_value(self, value: Any) -> Any:
        """The address of who was kept."""
        if isinstance(value, int):
            return User.objects.filter(pk=value).values_list("email", flat=True).first() or ""
        return value

    def clean(self, value: Any) -> Any:
        """The person's number. Raises ValidationError where there is none."""
        address = super().clean(value)
        if not address:
            return ""
        found = User.objects.filter(email__iexact=address, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("No colleague has this address."))
        return found.pk


def questions(spec: FormSpec) -> list[FormField]:
    """Those that only the provider answers; a file is none to be typed."""
    return [one for one in spec.fields if one.provider_only and one.kind is not Kind.FILE]


def add(form: forms.Form, spec: FormSpec, answers: dict[str, Any]) -> None:
    """Put the questions into the form, with what was answered before."""
    ours = {one.key for one in spec.fields if one.provider_only}
    for one in questions(spec):
        depends_on_ours = one.shown_when is not None and one.shown_when[0] in ours
        if not depends_on_ours and not one.is_asked(answers):
            continue
        made = _MAKERS[one.kind](one)
        made.label, made.help_text = one.label, one.help
        made.required = one.required and not depends_on_ours
        form.fields[PREFIX + one.key] = made
        if one.key in answers:
            kept = answers[one.key]
            form.initial[PREFIX + one.key] = (
                ("yes" if kept else "no") if one.kind is Kind.YES_NO else kept
            )


def given(cleaned: dict[str, Any]) -> dict[str, Any]:
    """What was typed, by the key of each question."""
    return {
        name.removeprefix(PREFIX): value
        for name, value in cleaned.items()
        if name.startswith(PREFIX)
    }


def _text(_one: FormField) -> forms.Field:
    return forms.CharField(max_length=SHORT)


def _long(_one: FormField) -> forms.Field:
    return forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 4}))


def _date(_one: FormField) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _choice(one: FormField) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("Please choose")), *((c, c) for c in one.choices)])


def _choices(one: FormField) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=[(c, c) for c in one.choices], widget=forms.CheckboxSelectMultiple
    )


def _yes_no(_one: FormField) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("Please choose")), ("yes", _("Yes")), ("no", _("No"))])


def _department(_one: FormField) -> forms.Field:
    rows = Department.objects.values_list("pk", "name")
    return forms.ChoiceField(choices=[("", _("Please choose")), *rows])


_MAKERS: dict[Kind, Callable[[FormField], forms.Field]] = {
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _long,
    Kind.NUMBER: _text,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.PERSON: lambda _one: _PersonField(),
    Kind.DEPARTMENT: _department,
}
