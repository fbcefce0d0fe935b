"""Building a form: what becomes of its questions when one is added, changed, moved or removed.

Plain values in, plain values out. What comes out may not hold together; FormSpec.problems says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalogue.fields import CHOOSING, KEY_LENGTH, MOST_FIELDS, BadForm, FormField, FormSpec, Kind


def added(spec: FormSpec, one: FormField) -> FormSpec:
    """The form with the question at its end. Raises BadForm where it is full or has the key."""
    if len(spec.fields) >= MOST_FIELDS:
        raise BadForm(_("A form has %d questions at most.") % MOST_FIELDS)
    if find(spec, one.key):
        raise BadForm(_("There are two questions of this key."), {one.key: one.label})
    return FormSpec((*spec.fields, _tidy(one)))


def changed(spec: FormSpec, one: FormField) -> FormSpec:
    """The form with the question of this key as it is now. Raises BadForm where there is none."""
    if not find(spec, one.key):
        raise BadForm(_("This question is gone."))
    return FormSpec(tuple(_tidy(one) if old.key == one.key else old for old in spec.fields))


def removed(spec: FormSpec, key: str) -> FormSpec:
    """The form without the question; what is not there is removed already."""
    return FormSpec(tuple(one for one in spec.fields if one.key != key))


def moved(spec: FormSpec, key: str, steps: int) -> FormSpec:
    """The form with the question so many places further down (up where negative)."""
    fields = list(spec.fields)
    place = next((number for number, one in enumerate(fields) if one.key == key), None)
    if place is None:
        return spec
    one = fields.pop(place)
    fields.insert(min(max(place + steps, 0), len(fields)), one)
    return FormSpec(tuple(fields))


def ordered(spec: FormSpec, keys: Iterable[str]) -> FormSpec:
    """The form in that order. Raises BadForm where the keys are not just those of its questions."""
    by_key = {one.key: one for one in spec.fields}
    wanted = list(keys)
    if sorted(wanted) != sorted(by_key):
        raise BadForm(_("This order does not name each question once."))
    return FormSpec(tuple(by_key[key] for key in wanted))


def find(spec: FormSpec, key: str) -> FormField | None:
    """The question of this key."""
    return next((one for one in spec.fields if one.key == key), None)


def earlier(spec: FormSpec, key: str = "") -> list[FormField]:
    """The questions before that of this key; all where there is none of it."""
    before: list[FormField] = []
    for one in spec.fields:
        if one.key == key:
            break
        before.append(one)
    return before


def new_key(label: str, spec: FormSpec) -> str:
    """A key for a new question, made of its words, that no other question has."""
    taken = {one.key for one in spec.fields}
    words = slugify(label).replace("-", "_").strip("_")[: KEY_LENGTH - 4].strip("_")
    base = words if words.isidentifier() else f"q_{words}" if words else "question"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key


def subjects(spec: FormSpec) -> list[FormField]:
    """The questions whose answer may name a request: short texts that the requester writes."""
    return [one for one in spec.for_requester() if one.kind is Kind.SHORT_TEXT]


def kept_subject(spec: FormSpec, key: str) -> str:
    """The key, if its question may (still) name a request; else nothing."""
    return key if any(one.key == key for one in subjects(spec)) else ""


def askable(spec: FormSpec) -> FormSpec:
    """The form as far as it can be asked now, to be looked at: without conditions that fail."""
    sound = FormSpec(tuple(one for one in spec.fields if not one.problem()))
    wrong = sound.problems()
    return FormSpec(
        tuple(replace(one, shown_when=None) if one.key in wrong else one for one in sound.fields)
    )


def _tidy(one: FormField) -> FormField:
    return one if one.kind in CHOOSING else replace(one, choices=())
