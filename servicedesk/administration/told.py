"""The audit in words: what a kind and a field are called, and what stood behind an id."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import AuditEntry

OURS = ("people", "calendars", "catalogue", "requests_app", "slas", "feedback", "notices")

KINDS = {
    "absence": gettext_lazy("Absence"),
    "department": gettext_lazy("Department"),
    "management": gettext_lazy("Figures"),
    "membership": gettext_lazy("Team member"),
    "organisation": gettext_lazy("Organisation"),
    "service": gettext_lazy("Service"),
    "team": gettext_lazy("Team"),
    "user": gettext_lazy("Person"),
    "calendar": gettext_lazy("Calendar"),
    "calendarversion": gettext_lazy("Calendar"),
    "agreement": gettext_lazy("Agreement"),
    "agreementversion": gettext_lazy("Agreement"),
    "formversion": gettext_lazy("Form"),
    "cannedreply": gettext_lazy("Canned reply"),
}
DEEDS = {
    "created": gettext_lazy("made"),
    "changed": gettext_lazy("changed"),
    "deleted": gettext_lazy("removed"),
    "left": gettext_lazy("left"),
    "returned": gettext_lazy("came back"),
    "published": gettext_lazy("published"),
    "retired": gettext_lazy("retired"),
}
FIELDS = {
    "user": gettext_lazy("person"),
    "is_active": gettext_lazy("works here"),
    "second_factor": gettext_lazy("second factor"),
    "teams": gettext_lazy("teams"),
    "manages": gettext_lazy("reads figures of"),
    "deputy": gettext_lazy("stands in"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One field of a change, in words."""

    field: str
    before: str
    after: str


NUMBERS = frozenset({"form_version"})
"""Kept in the audit by the number that people know, not by an id."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, in words."""

    entry: AuditEntry
    kind: str
    deed: str
    changes: Sequence[Told]


def kind_words(kind: str) -> str:
    """What such a thing is called on screen."""
    return str(KINDS.get(kind) or kind.replace("_", " ").capitalize())


def told(entries: Iterable[AuditEntry]) -> list[Line]:
    """The entries in words; one query more for each model that an id leads to."""
    entries = list(entries)
    models = _models()
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for entry in entries:
        for name, pair in entry.changes.items():
            model = _related(models.get(entry.kind), name)
            if model:
                wanted[model] |= {pk for pk in pair if isinstance(pk, int)}
    names = {
        model: {pk: str(one) for pk, one in model._default_manager.in_bulk(pks).items()}
        for model, pks in wanted.items()
    }
    return [
        Line(
            entry,
            kind_words(entry.kind),
            str(DEEDS.get(entry.deed) or entry.deed.replace("_", " ")),
            [_told(models.get(entry.kind), name, pair, names) for name, pair in _pairs(entry)],
        )
        for entry in entries
    ]


def _pairs(entry: AuditEntry) -> list[tuple[str, list[Any]]]:
    """The changes that can be shown as before and after; on a creation, what is empty is not."""
    pairs = [
        (name, pair)
        for name, pair in entry.changes.items()
        if isinstance(pair, list) and len(pair) == 2
    ]
    if entry.deed == "created":
        return [(name, pair) for name, pair in pairs if pair[1] not in (None, "", [], False)]
    return pairs


def _models() -> dict[str, type[Model]]:
    return {
        model._meta.model_name or "": model
        for label in OURS
        for model in apps.get_app_config(label).get_models()
    }


def _field(model: type[Model] | None, name: str) -> Field[Any, Any] | None:
    if model is None:
        return None
    found = [one for one in model._meta.fields if name in (one.name, one.attname)]
    return found[0] if found else None


def _related(model: type[Model] | None, name: str) -> type[Model] | None:
    if name in NUMBERS:
        return None
    field = _field(model, name)
    if not isinstance(field, ForeignKey):
        return None
    related: type[Model] = field.related_model
    return related


def _told(
    model: type[Model] | None,
    name: str,
    pair: list[Any],
    names: dict[type[Model], dict[int, str]],
) -> Told:
    field = _field(model, name)
    label = FIELDS.get(name) or (field.verbose_name if field else name.replace("_", " "))
    known = names.get(_related(model, name) or AuditEntry, {})
    before, after = (_value(one, known) for one in pair)
    return Told(str(label), before, after)


def _value(value: Any, known: dict[int, str]) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and known:
        return known.get(value, f"#{value}")
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
