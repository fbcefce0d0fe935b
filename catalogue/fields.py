"""The typed fields of a service's form: what may be asked, and what counts as an answer.

A published form is a version: a list of plain dictionaries, read here into `FormField`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


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


class BadForm(ValueError):
    """A form that cannot be asked; the message says which field and why."""


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

    def check(self) -> None:
        """Raise BadForm where a form could not be asked or answered."""
        seen: dict[str, FormField] = {}
        for one in self.fields:
            if not one.key.isidentifier():
                raise BadForm(f"field {one.key!r}: the key must be a plain word")
            if one.key in seen:
                raise BadForm(f"field {one.key!r} stands twice")
            if not one.label.strip():
                raise BadForm(f"field {one.key!r} has no label")
            if one.kind in (Kind.CHOICE, Kind.CHOICES) and len(one.choices) < 2:
                raise BadForm(f"field {one.key!r} needs two choices or more")
            if one.shown_when and one.shown_when[0] not in seen:
                raise BadForm(
                    f"field {one.key!r} depends on {one.shown_when[0]!r}, which is not before it"
                )
            seen[one.key] = one

    def dump(self) -> list[dict[str, Any]]:
        """The form as it is stored."""
        return [one.dump() for one in self.fields]

    def for_requester(self) -> Sequence[FormField]:
        """The questions that the requester is asked."""
        return [one for one in self.fields if not one.provider_only]
