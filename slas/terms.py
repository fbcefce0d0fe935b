"""Versions of agreements and calendars as plain values, kept in the process: they never change."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from calendars.models import work_calendars
from requests_app.priority import Priority
from slas import engine
from slas.models import AgreementVersion

Key = tuple[int, int]
"""(agreement version, calendar version)."""


class BadTerms(ValueError):
    """A version that cannot be kept: the message says what is missing or wrong."""


@dataclass(frozen=True, slots=True)
class _Said:
    provider_id: int
    targets: dict[tuple[str, str], timedelta]
    thresholds: dict[str, tuple[int, ...]]
    pauses_for_third_party: bool
    replies_like_first: bool
    escalation: dict[str, tuple[engine.Escalation, ...]]
    takes_back: bool


LATEST_STEP = 1000
"""Percent of the budget at which a step of escalation may come at the latest."""

_lock = threading.Lock()
_known: dict[Key, engine.Terms] = {}


def load(keys: Collection[Key]) -> dict[Key, engine.Terms]:
    """The terms by their versions: no query for those used before in this process."""
    wanted = set(keys)
    found = {key: _known[key] for key in wanted if key in _known}
    missing = wanted - found.keys()
    if missing:
        said = _said({version for version, _ in missing})
        calendars = work_calendars({calendar for _, calendar in missing})
        for key in missing:
            version_id, calendar_id = key
            one = said[version_id]
            found[key] = engine.Terms(
                agreement_version_id=version_id,
                calendar_version_id=calendar_id,
                provider_id=one.provider_id,
                calendar=calendars[calendar_id],
                targets=one.targets,
                thresholds=one.thresholds,
                pauses_for_third_party=one.pauses_for_third_party,
                replies_like_first=one.replies_like_first,
                escalation=one.escalation,
                takes_back=one.takes_back,
            )
        with _lock:
            _known.update({key: found[key] for key in missing})
    return found


def get(key: Key) -> engine.Terms:
    """The terms of one pair of versions."""
    return load([key])[key]


def forget() -> None:
    """For tests that number their rows anew."""
    with _lock:
        _known.clear()


def checked_thresholds(raw: object) -> dict[str, tuple[int, ...]]:
    """Thresholds as stored, for every priority: ascending, within 1 to 99. Raises BadTerms."""
    if not isinstance(raw, dict):
        raise BadTerms("Thresholds are given for each priority.")
    found: dict[str, tuple[int, ...]] = {}
    for priority in Priority:
        given = raw.get(str(priority))
        if not isinstance(given, (list, tuple)):
            raise BadTerms(f"There are no thresholds for {priority}; an empty list means none.")
        if any(isinstance(one, bool) or not isinstance(one, int) for one in given):
            raise BadTerms(f"Thresholds for {priority} are whole percents.")
        if list(given) != sorted(set(given)) or any(not 1 <= one <= 99 for one in given):
            raise BadTerms(f"Thresholds for {priority} rise, and lie between 1 and 99.")
        found[str(priority)] = tuple(given)
    return found


def checked_escalation(raw: object) -> dict[str, tuple[engine.Escalation, ...]]:
    """Steps as stored, for every priority: ascending, each once. Raises BadTerms."""
    if not isinstance(raw, dict):
        raise BadTerms("Steps of escalation are given for each priority.")
    found: dict[str, tuple[engine.Escalation, ...]] = {}
    for priority in Priority:
        given = raw.get(str(priority))
        if not isinstance(given, (list, tuple)):
            raise BadTerms(f"There are no steps for {priority}; an empty list means none.")
        steps = tuple(_step(one, priority) for one in given)
        if [one.percent for one in steps] != sorted(one.percent for one in steps):
            raise BadTerms(f"Steps for {priority} rise.")
        if len(set(steps)) != len(steps):
            raise BadTerms(f"A step for {priority} stands there twice.")
        found[str(priority)] = steps
    return found


def _step(raw: object, priority: Priority) -> engine.Escalation:
    at, act = (raw.get("at"), raw.get("do")) if isinstance(raw, dict) else (None, None)
    if isinstance(at, bool) or not isinstance(at, int) or not 1 <= at <= LATEST_STEP:
        raise BadTerms(f"Steps for {priority} come at whole percents from 1 to {LATEST_STEP}.")
    if act not in list(engine.Act):
        raise BadTerms(f"A step for {priority} tells somebody, or raises the priority.")
    return engine.Escalation(at, engine.Act(act))


def stored_escalation(
    steps: Mapping[str, Sequence[engine.Escalation]],
) -> dict[str, list[dict[str, int | str]]]:
    """Steps as a version keeps them; what `checked_escalation` reads. Raises BadTerms."""
    raw: dict[str, list[dict[str, int | str]]] = {
        str(priority): [{"at": one.percent, "do": str(one.act)} for one in some]
        for priority, some in steps.items()
    }
    checked_escalation(raw)
    return raw


def _said(version_ids: set[int]) -> dict[int, _Said]:
    versions = AgreementVersion.objects.filter(pk__in=version_ids).select_related("agreement")
    return {
        version.pk: _Said(
            # Only the minimum has none, and no clock goes by it.
            provider_id=version.agreement.provider_id or 0,
            targets={
                (target.metric, target.priority): timedelta(seconds=target.budget_seconds)
                for target in version.targets.all()
            },
            thresholds=checked_thresholds(version.thresholds),
            pauses_for_third_party=version.pauses_for_third_party,
            replies_like_first=version.replies_like_first,
            escalation=checked_escalation(version.escalation),
            takes_back=version.takes_back,
        )
        for version in versions.prefetch_related("targets")
    }
