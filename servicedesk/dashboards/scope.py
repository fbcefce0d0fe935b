"""What a page of figures speaks of: which departments, which month beside the one before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from people.models import Department
from people.translated import gettext as _
from requests_app.figures import Month, Reporting
from servicedesk import wording
from servicedesk.dashboards.covers import Coverage

MONTHS = 13
"""So many are shown: a year, and the one before this month last year."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Departments, months, and the addresses that lead on from them."""

    coverage: Coverage
    here: Department | None
    """The one department of the page; None: all that are covered."""
    reporting: Reporting
    months: Sequence[Month]
    month: Month
    before: Month
    lists: str
    """The address under which the lists are."""

    @property
    def departments(self) -> Sequence[Department]:
        """Those of the page."""
        return [self.here] if self.here else self.coverage.departments

    @property
    def ids(self) -> list[int] | None:
        """Theirs; None is the whole organisation."""
        if self.here:
            return [self.here.pk]
        if self.coverage.is_whole:
            return None
        return [one.pk for one in self.coverage.departments]

    @property
    def opens(self) -> bool:
        """Whether the lists behind the figures of the whole page are this person's to open."""
        if self.here:
            return self.here.pk in self.coverage.opens
        return self.coverage.opens_all

    @property
    def is_running(self) -> bool:
        """Whether the month is not over."""
        return self.month.first == self.reporting.month.first

    @property
    def trend(self) -> Sequence[Month]:
        """The twelve months up to the chosen one, as far as they are shown."""
        upto = [one for one in self.months if one.first <= self.month.first]
        return upto[-12:]

    def behind(self, figure: str, **given: str) -> str:
        """The address of the list behind a figure of this page; empty where it is not theirs."""
        if not self.opens:
            return ""
        return self.behind_of(self.here, figure, **given)

    def behind_of(self, department: Department | None, figure: str, **given: str) -> str:
        """The same of one of its departments."""
        if department and department.pk not in self.coverage.opens:
            return ""
        slug = department.slug if department else ""
        return _address(self.lists, figure, slug, tuple(given.items()))


@lru_cache(maxsize=8192)
def _address(lists: str, figure: str, of: str, given: tuple[tuple[str, str], ...]) -> str:
    """Made once: a page has hundreds, and the next one the same."""
    query = urlencode([*([("of", of)] if of else []), *given])
    return f"{lists}{figure}/?{query}" if query else f"{lists}{figure}/"


def scope_of(
    coverage: Coverage, here: Department | None, reporting: Reporting, query: Mapping[str, str]
) -> Scope:
    """What the address asks for. Raises Http404 for a month that is not shown."""
    months = reporting.months(MONTHS)
    month = month_of(months[1:], query.get("month", "")) or months[-1]
    before = months[months.index(month) - 1]
    lists = reverse("dashboards:behind", args=["figure"]).removesuffix("figure/")
    return Scope(coverage, here, reporting, months, month, before, lists)


def month_of(months: Sequence[Month], text: str) -> Month | None:
    """The month of this key ("2026-11"); None for no text. Raises Http404 for any other."""
    if not text:
        return None
    found = next((one for one in months if key_of(one.first) == text), None)
    if found is None:
        raise Http404
    return found


def key_of(first: date) -> str:
    """A month as an address has it."""
    return f"{first:%Y-%m}"


def name_of(month: Month) -> str:
    """Such as "November"."""
    return wording.date_words(month.first, "F")


def whole_name_of(month: Month) -> str:
    """Such as "November 2026"."""
    return wording.date_words(month.first, "F Y")


def short_name_of(month: Month) -> str:
    """Such as "Nov"."""
    return wording.date_words(month.first, "M")


# -- The filter as a sentence --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice that a word of the sentence opens."""

    words: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the sentence, and what it could be instead."""

    words: str
    choices: Sequence[Choice]


def month_word(scope: Scope, query: Mapping[str, str]) -> Word:
    """The month, and those before it."""
    choices = [
        Choice(
            _so_far(scope, one),
            _with(query, month=key_of(one.first)),
            one.first == scope.month.first,
        )
        for one in reversed(scope.months[1:])
    ]
    return Word(_so_far(scope, scope.month), choices)


def _so_far(scope: Scope, month: Month) -> str:
    if month.first == scope.reporting.month.first:
        return _("%(month)s so far") % {"month": name_of(month)}
    same_year = month.first.year == scope.reporting.month.first.year
    return name_of(month) if same_year else whole_name_of(month)


def department_word(scope: Scope, query: Mapping[str, str]) -> Word:
    """The department, and the others that the person covers."""
    kept = _with({name: query[name] for name in ("month",) if name in query})
    everything = Choice(_("all departments"), reverse("dashboards:overview") + kept, not scope.here)
    choices = [
        Choice(
            one.name,
            reverse("dashboards:department", args=[one.slug]) + kept,
            scope.here is not None and scope.here.pk == one.pk,
        )
        for one in scope.coverage.departments
    ]
    return Word(scope.here.name if scope.here else everything.words, [everything, *choices])


def _with(query: Mapping[str, str], **changed: str) -> str:
    given = {name: query[name] for name in ("month", "by") if query.get(name)} | changed
    return f"?{urlencode(given)}" if given else "?"
