"""What is different between two forms, in words: for whoever publishes the second."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from catalogue.fields import FormField, FormSpec
from catalogue.wording import answer_words, kind_words


class Sort(StrEnum):
    """What sort of change it is."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    sort: Sort
    words: str


def changes(
    before: FormSpec, after: FormSpec, *, subject_before: str = "", subject_after: str = ""
) -> list[Change]:
    """Every difference: what was removed, added, changed and moved, and what names the request.

    A question is the same as long as its key is, whatever its words. Two forms that ask the same
    have none.
    """
    old = {one.key: one for one in before.fields}
    new = {one.key: one for one in after.fields}
    found = [Change(Sort.REMOVED, _removed(one)) for key, one in old.items() if key not in new]
    found += [Change(Sort.ADDED, _added(one, new)) for key, one in new.items() if key not in old]
    for key, one in new.items():
        if key in old and one != old[key]:
            found += [Change(Sort.CHANGED, words) for words in _differences(old[key], one, new)]
    found += [Change(Sort.MOVED, words) for words in _moves(list(old), new)]
    if subject_before != subject_after:
        found.append(Change(Sort.CHANGED, _subject(subject_after, new)))
    return found


def _removed(one: FormField) -> str:
    return _("“%s” is no longer asked.") % one.label


def _added(one: FormField, known: Mapping[str, FormField]) -> str:
    if one.shown_when is None:
        return _new(one)
    words = {"new": _new(one).removesuffix(".")} | _asker(one.shown_when, known)
    return _("%(new)s; asked only if “%(asker)s” is “%(answer)s”.") % words


def _new(one: FormField) -> str:
    words = {"question": one.label, "kind": kind_words(one.kind)}
    if one.provider_only:
        return _("“%(question)s” is new (%(kind)s), for the department only.") % words
    if one.required:
        return _("“%(question)s” is new (%(kind)s) and must be answered.") % words
    return _("“%(question)s” is new (%(kind)s).") % words


def _differences(old: FormField, new: FormField, known: Mapping[str, FormField]) -> Iterator[str]:
    words = {"question": new.label, "before": old.label}
    if new.label != old.label:
        yield _("“%(before)s” now reads “%(question)s”.") % words
    if new.help != old.help:
        yield _help(old, new) % words
    if new.kind != old.kind:
        kinds = {"old": kind_words(old.kind), "new": kind_words(new.kind)}
        yield _("“%(question)s” is now %(new)s; it was %(old)s.") % (words | kinds)
    if new.choices != old.choices:
        yield from _choices(old, new)
    if new.required != old.required:
        now = _("“%(question)s” must now be answered.")
        yield (now if new.required else _("“%(question)s” may now be left out.")) % words
    if new.shown_when != old.shown_when:
        yield _condition(new, known)
    if new.provider_only != old.provider_only:
        private = _("“%(question)s” is now for the department only.")
        yield (private if new.provider_only else _("“%(question)s” is now asked of all.")) % words


def _help(old: FormField, new: FormField) -> str:
    if not old.help:
        return _("“%(question)s” has a help text.")
    return (
        _("The help of “%(question)s” reads differently.")
        if new.help
        else (_("“%(question)s” has no help text any more."))
    )


def _choices(old: FormField, new: FormField) -> Iterator[str]:
    came = [choice for choice in new.choices if choice not in old.choices]
    went = [choice for choice in old.choices if choice not in new.choices]
    if came:
        yield _("“%(question)s” offers %(choices)s.") % {
            "question": new.label, "choices": _quoted(came),
        }  # fmt: skip
    if went and new.choices:
        yield _("“%(question)s” no longer offers %(choices)s.") % {
            "question": new.label, "choices": _quoted(went),
        }  # fmt: skip
    if not came and not went:
        yield _("The choices of “%s” stand in another order.") % new.label


def _condition(one: FormField, known: Mapping[str, FormField]) -> str:
    if one.shown_when is None:
        return _("“%s” is now always asked.") % one.label
    words = {"question": one.label} | _asker(one.shown_when, known)
    return _("“%(question)s” is now asked only if “%(asker)s” is answered “%(answer)s”.") % words


def _asker(shown_when: tuple[str, str], known: Mapping[str, FormField]) -> dict[str, str]:
    """On what it depends: the question, and its answer."""
    key, answer = shown_when
    asker = known.get(key)
    return {"asker": asker.label if asker else key, "answer": answer_words(asker, answer)}


def _subject(key: str, known: Mapping[str, FormField]) -> str:
    if key in known:
        return _("A request is now named by the answer to “%s”.") % known[key].label
    return _("A request is now named after the service.")


def _moves(old: Sequence[str], new: Mapping[str, FormField]) -> Iterator[str]:
    """What stands elsewhere among those that stayed: the fewest that explain the new order."""
    stayed = [key for key in new if key in set(old)]
    places = {key: place for place, key in enumerate(old)}
    still = _longest_rise([places[key] for key in stayed])
    for key in stayed:
        if places[key] not in still:
            number = list(new).index(key) + 1
            words = {"question": new[key].label, "number": number}
            yield _("“%(question)s” stands elsewhere: it is now question %(number)d.") % words


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The longest run of ever larger numbers, in their order."""
    ends: list[int] = []
    at: list[int] = []
    for number in numbers:
        place = bisect_left(ends, number)
        ends[place : place + 1] = [number]
        at.append(place)
    rise: set[int] = set()
    wanted = len(ends) - 1
    for number, place in zip(reversed(numbers), reversed(at), strict=True):
        if place == wanted:
            rise.add(number)
            wanted -= 1
    return rise


def _quoted(choices: Sequence[str]) -> str:
    return ", ".join(f"“{choice}”" for choice in choices)
