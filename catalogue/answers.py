"""Answers to a form: checked when they are given, read when they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.fields import FormField, FormSpec, Kind
from people.models import Department, User

SHORT = 200
LONG = 20_000


class BadAnswers(ValueError):
    """Answers that cannot be taken; what is wrong stands beside the key of each field."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(errors)

    def __str__(self) -> str:
        return "; ".join(f"{key}: {message}" for key, message in self.errors.items())


class _Wrong(ValueError):
    pass


def _text(limit: int) -> Callable[[FormField, Any], str]:
    def check(_one: FormField, raw: Any) -> str:
        if not isinstance(raw, str):
            raise _Wrong(_("Write this as text."))
        if "\x00" in raw:
            raise _Wrong(_("This holds a sign that cannot be kept. Please type it anew."))
        text = raw.strip()
        if len(text) > limit:
            raise _Wrong(
                _("This is %(given)d characters long; %(limit)d fit.")
                % {"given": len(text), "limit": limit}
            )
        return text

    return check


def _number(_one: FormField, raw: Any) -> str:
    try:
        number = Decimal(str(raw).strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise _Wrong(_("Write a number, such as 12 or 12.5."))
    return format(number, "f")


def _date(_one: FormField, raw: Any) -> str:
    try:
        return (raw if isinstance(raw, date) else date.fromisoformat(str(raw).strip())).isoformat()
    except ValueError:
        raise _Wrong(_("Write a date as year-month-day, such as 2026-12-01.")) from None


def _choice(one: FormField, raw: Any) -> str:
    if raw not in one.choices:
        raise _Wrong(_("Choose one of those offered."))
    return str(raw)


def _choices(one: FormField, raw: Any) -> list[str]:
    given = [raw] if isinstance(raw, str) else list(raw)
    if any(item not in one.choices for item in given):
        raise _Wrong(_("Choose among those offered."))
    return [choice for choice in one.choices if choice in given]


def _yes_no(_one: FormField, raw: Any) -> bool:
    known = {True: True, False: False, "yes": True, "no": False}
    if not isinstance(raw, (bool, str)) or raw not in known:
        raise _Wrong(_("Say yes or no."))
    return known[raw]


def _row(
    model: type[User] | type[Department], message: str | Promise
) -> Callable[[FormField, Any], int]:
    def check(_one: FormField, raw: Any) -> int:
        number = str(raw)
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise _Wrong(message)
        if model is User:
            found = User.objects.filter(pk=int(number), is_active=True).exists()
        else:
            found = Department.objects.filter(pk=int(number)).exists()
        if not found:
            raise _Wrong(message)
        return int(number)

    return check


def _file(_one: FormField, raw: Any) -> dict[str, int]:
    """The number of a file that was uploaded before; whose it is, is asked when it is filed."""
    number = str(raw["file"] if isinstance(raw, Mapping) and "file" in raw else raw)
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise _Wrong(_("Choose a file."))
    return {"file": int(number)}


_CHECKS: dict[Kind, Callable[[FormField, Any], Any]] = {
    Kind.SHORT_TEXT: _text(SHORT),
    Kind.LONG_TEXT: _text(LONG),
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.PERSON: _row(User, gettext_lazy("Choose a colleague from the list.")),
    Kind.DEPARTMENT: _row(Department, gettext_lazy("Choose a department from the list.")),
    Kind.FILE: _file,
}

_MISSING: tuple[Any, ...] = (None, "", [], ())


def clean(spec: FormSpec, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept, in the form's order.

    Questions that are not asked, given the answers before them, are left out; so are those of
    the provider alone. Raises BadAnswers with every error at once.
    """
    return _clean(spec.for_requester(), spec, raw, {})


def clean_private(
    spec: FormSpec, raw: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers of the provider to its own questions, as they are kept, in the form's order.

    `answers` are those kept so far; a private question may depend on the requester's. Only answers
    to private questions come out: one that is no longer asked, or left empty, is not among them.
    Raises BadAnswers with every error at once.
    """
    private = [one for one in spec.fields if one.provider_only]
    theirs = {one.key for one in private}
    before = {key: value for key, value in answers.items() if key not in theirs}
    return _clean(private, spec, {key: raw[key] for key in raw if key in theirs}, before)


def _clean(
    asked: Iterable[FormField], spec: FormSpec, raw: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    known = {one.key for one in spec.fields}
    for key in raw:
        if key not in known:
            errors[key] = _("The form has no such question.")
    for one in asked:
        if not one.is_asked({**before, **answers}):
            continue
        given = raw.get(one.key)
        if isinstance(given, str):
            given = given.strip()
        if given in _MISSING:
            if one.required:
                errors[one.key] = _("Please answer this.")
            continue
        try:
            answers[one.key] = _CHECKS[one.kind](one, given)
        except _Wrong as wrong:
            errors[one.key] = str(wrong)
    if errors:
        raise BadAnswers(errors)
    return answers


def shown(
    spec: FormSpec, answers: Mapping[str, Any], *, provider: bool
) -> list[tuple[FormField, str]]:
    """Each answered question with its answer in words; private ones for the provider only.

    At most two queries, whatever the number of fields.
    """
    asked = [
        one for one in spec.fields if one.key in answers and (provider or not one.provider_only)
    ]
    names = _names(asked, answers)
    return [(one, _in_words(one, answers[one.key], names)) for one in asked]


def _names(asked: list[FormField], answers: Mapping[str, Any]) -> dict[tuple[Kind, int], str]:
    people = [answers[one.key] for one in asked if one.kind is Kind.PERSON]
    departments = [answers[one.key] for one in asked if one.kind is Kind.DEPARTMENT]
    names: dict[tuple[Kind, int], str] = {}
    if people:
        for pk, name in User.objects.filter(pk__in=people).values_list("pk", "name"):
            names[Kind.PERSON, pk] = name
    if departments:
        for pk, name in Department.objects.filter(pk__in=departments).values_list("pk", "name"):
            names[Kind.DEPARTMENT, pk] = name
    return names


def _in_words(one: FormField, answer: Any, names: Mapping[tuple[Kind, int], str]) -> str:
    match one.kind:
        case Kind.YES_NO:
            return _("Yes") if answer else _("No")
        case Kind.CHOICES:
            return ", ".join(answer)
        case Kind.DATE:
            return date_format(date.fromisoformat(answer), "l j F Y")
        case Kind.NUMBER:
            return number_format(Decimal(answer))
        case Kind.FILE:
            return _("a file")
        case Kind.PERSON | Kind.DEPARTMENT:
            return names.get((one.kind, answer), _("(no longer here)"))
        case _:
            return str(answer)
