"""The typed fields of a service's form: what may be asked, and what counts as an answer.

A published form is a version: a list of plain dictionaries, read here into `FormField`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

MOST_FIELDS = 100
MOST_CHOICES = 100
KEY_LENGTH, LABEL_LENGTH, HELP_LENGTH, CHOICE_LENGTH = 40, 200, 500, 100


class Kind(StrEnum):
    """What kind of answer a field takes."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    PERSON = "person"
    DEPARTMENT = "department"
    FILE = "file"


CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES})
"""Kinds that offer choices."""
DECIDING = CHOOSING | {Kind.YES_NO}
"""Kinds on whose answer a later question may depend."""


class BadForm(ValueError):
    """A form that cannot be asked; `errors` says why, by the key of each field ("" is the form)."""

    def __init__(self, message: str, errors: Mapping[str, str] | None = None) -> None:
        self.errors = dict(errors or {"": message})
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of a form."""

    key: str
    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    shown_when: tuple[str, str] | None = None
    """(key of an earlier field, the answer at which this one is asked)"""
    provider_only: bool = False
    """Asked and read by the provider, never shown to the requester."""

    @classmethod
    def load(cls, raw: Mapping[str, Any]) -> FormField:
        """Read a stored field. Raises BadForm."""
        try:
            if not (isinstance(raw["key"], str) and isinstance(raw["label"], str)):
                raise TypeError("key and label are texts")
            kind = Kind(raw["kind"])
            shown = raw.get("shown_when")
            return cls(
                key=raw["key"],
                kind=kind,
                label=raw["label"],
                help=raw.get("help", ""),
                required=bool(raw.get("required", False)),
                choices=tuple(raw.get("choices", ())),
                shown_when=(shown[0], shown[1]) if shown else None,
                provider_only=bool(raw.get("provider_only", False)),
            )
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise BadForm(f"field {raw.get('key', '?')!r}: {error}") from error

    def dump(self) -> dict[str, Any]:
        """The field as it is stored."""
        raw = asdict(self)
        raw["kind"] = str(self.kind)
        raw["choices"] = list(self.choices)
        raw["shown_when"] = list(self.shown_when) if self.shown_when else None
        return raw

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers on which a later question may depend; empty where none may."""
        return ("yes", "no") if self.kind is Kind.YES_NO else self.choices

    def problem(self) -> str:
        """What is wrong with the field by itself, in words; empty where nothing is."""
        texts = (self.key, self.label, self.help, *self.choices)
        if not self.key.isidentifier() or len(self.key) > KEY_LENGTH:
            return _("Its key must be a plain word of at most %d letters.") % KEY_LENGTH
        if self.kind is Kind.FILE and self.provider_only:
            return _("A file is asked of the requester: your own department adds it to a note.")
        if any("\x00" in text for text in texts):
            return _("It holds a sign that cannot be kept. Please type it anew.")
        if not self.label.strip():
            return _("It needs words that ask for something.")
        if len(self.label) > LABEL_LENGTH or len(self.help) > HELP_LENGTH:
            return _("Its question may be %(label)d characters long, its help %(help)d.") % {
                "label": LABEL_LENGTH,
                "help": HELP_LENGTH,
            }
        return self._problem_of_choices() if self.kind in CHOOSING else ""

    def _problem_of_choices(self) -> str:
        if len(self.choices) < 2:
            return _("It needs two choices or more.")
        if len(self.choices) > MOST_CHOICES:
            return _("It may have %d choices at most.") % MOST_CHOICES
        if len(set(self.choices)) < len(self.choices):
            return _("The same choice stands there twice.")
        if any(not choice.strip() or len(choice) > CHOICE_LENGTH for choice in self.choices):
            return _("A choice has 1 to %d characters.") % CHOICE_LENGTH
        return ""

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """Whether the question is put, given the answers before it."""
        if self.shown_when is None:
            return True
        key, wanted = self.shown_when
        given = answers.get(key)
        if isinstance(given, bool):
            given = "yes" if given else "no"
        if isinstance(given, (list, tuple)):
            return wanted in given
        return given == wanted


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A form: its questions in order."""

    fields: tuple[FormField, ...] = field(default=())

    @classmethod
    def load(cls, raw: Iterable[Mapping[str, Any]]) -> FormSpec:
        """Read a stored form and check it as a whole. Raises BadForm."""
        spec = cls(tuple(FormField.load(one) for one in raw))
        spec.check()
        return spec

    @classmethod
    def read(cls, raw: Iterable[Mapping[str, Any]]) -> FormSpec:
        """Read a form that is still being built: it may not hold together yet.

        Raises BadForm where a field is none at all.
        """
        return cls(tuple(FormField.load(one) for one in raw))

    def check(self) -> None:
        """Raise BadForm where a form could not be asked or answered."""
        errors = self.problems()
        if errors:
            words = (f"{key}: {message}" if key else message for key, message in errors.items())
            raise BadForm("; ".join(words), errors)

    def problems(self) -> dict[str, str]:
        """What keeps the form from being asked, in words, by the field's key ("": the form)."""
        errors: dict[str, str] = {}
        if len(self.fields) > MOST_FIELDS:
            errors[""] = _("A form has %(most)d questions at most; this one has %(given)d.") % {
                "most": MOST_FIELDS,
                "given": len(self.fields),
            }
        earlier: dict[str, FormField] = {}
        for one in self.fields:
            message = one.problem() or self._problem_of_place(one, earlier)
            if message:
                errors.setdefault(one.key, message)
            earlier[one.key] = one
        return errors

    def _problem_of_place(self, one: FormField, earlier: Mapping[str, FormField]) -> str:
        if one.key in earlier:
            return _("There are two questions of this key.")
        if one.shown_when is None:
            return ""
        key, answer = one.shown_when
        asker = earlier.get(key)
        if asker is None:
            return self._problem_of_asker(one, key)
        if asker.kind not in DECIDING or answer not in asker.answers:
            return _(
                "It is shown only if “%(question)s” is answered “%(answer)s”, which is no answer "
                "there any more. Choose another answer."
            ) % {"question": asker.label, "answer": answer}
        if asker.provider_only and not one.provider_only:
            return _(
                "It depends on “%s”, which only your own department is asked. Choose another."
            ) % (asker.label)
        return ""

    def _problem_of_asker(self, one: FormField, key: str) -> str:
        if key == one.key:
            return _("It is shown only if it is answered itself. Choose an earlier question.")
        later = next((other for other in self.fields if other.key == key), None)
        if later is None:
            return _("It depends on a question that is gone. Choose another, or show it always.")
        return _(
            "It depends on “%s”, which now comes after it. Move it further down, or show it always."
        ) % (later.label)

    def dump(self) -> list[dict[str, Any]]:
        """The form as it is stored."""
        return [one.dump() for one in self.fields]

    def for_requester(self) -> Sequence[FormField]:
        """The questions that the requester is asked."""
        return [one for one in self.fields if not one.provider_only]
