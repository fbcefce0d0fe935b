"""What an agreement says, as a plain value: written, compared and held against the minimum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from requests_app.priority import Priority
from slas import budgets, engine
from slas.models import LEAST_BUDGET_SECONDS, AgreementVersion
from slas.terms import BadTerms, checked_escalation, checked_thresholds, stored_escalation

Steps = Mapping[str, tuple[engine.Escalation, ...]]

METRICS: tuple[str, ...] = (
    str(engine.Metric.FIRST_RESPONSE),
    str(engine.Metric.NEXT_REPLY),
    str(engine.Metric.UPDATE),
    str(engine.Metric.RESOLUTION),
)
"""What may be promised, in the order in which it is read."""
LONGEST_BUDGET = timedelta(hours=8 * 366)
"""A year of working days."""


class BadConditions(BadTerms):
    """What was written will not do; `errors` says why, field by field ("" is the whole).

    A target's field is "resolution_P1", a priority's thresholds "warn_P1", its steps "steps_P1".
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{name}: {why}" for name, why in self.errors.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """All that a version says but its number and its time."""

    clients: tuple[int, ...] = ()
    """Departments, ascending; none for a standard or the minimum, which are for all."""
    services: tuple[int, ...] | None = None
    """Services, ascending; None is whatever the provider does."""
    calendar_id: int | None = None
    targets: Mapping[tuple[str, str], timedelta] = field(default_factory=dict)
    """(metric, priority) to working time."""
    thresholds: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """For every priority: percents of the budget, ascending."""
    escalation: Steps = field(default_factory=dict)
    takes_back: bool = False
    pauses_for_third_party: bool = False
    answer_within: timedelta | None = None
    """The client's part: how soon its people answer a question, in working time."""
    complete_form: bool = False
    notice_days: int | None = None
    review_on: date | None = None

    def budget(self, metric: str, priority: str) -> timedelta | None:
        """What is promised; a next reply that is not named is promised like a first one."""
        found = self.targets.get((metric, priority))
        if found is None and metric == engine.Metric.NEXT_REPLY:
            return self.targets.get((engine.Metric.FIRST_RESPONSE, priority))
        return found

    def problems(self) -> dict[str, str]:
        """What is wrong with it in itself, field by field."""
        found = {}
        for (metric, priority), budget in self.targets.items():
            if budget < timedelta(seconds=LEAST_BUDGET_SECONDS):
                found[target_name(metric, priority)] = _("A promise is a minute at least.")
            elif budget > LONGEST_BUDGET:
                found[target_name(metric, priority)] = _("A promise is a year at most.")
        if not self.targets:
            found[""] = _("Promise something: a first response or a resolution, say.")
        found |= self._checked("warn", checked_thresholds, "thresholds")
        found |= self._checked("steps", checked_escalation, "escalation")
        return found

    def _checked(self, name: str, check: Any, column: str) -> dict[str, str]:
        """The priority that is wrong, found by checking each with the others empty."""
        stored, found = self.dump()[column], {}
        for priority in Priority:
            alone = {str(one): stored.get(one, []) if one == priority else [] for one in Priority}
            try:
                check(alone)
            except BadTerms as bad:
                found[f"{name}_{priority}"] = str(bad)
        return found

    def dump(self) -> dict[str, Any]:
        """As a draft keeps it: plain values for JSON."""
        return {
            "clients": list(self.clients),
            "services": None if self.services is None else list(self.services),
            "calendar": self.calendar_id,
            "targets": {
                metric: {
                    str(priority): int(budget.total_seconds())
                    for (of, priority), budget in sorted(self.targets.items())
                    if of == metric
                }
                for metric in sorted({str(metric) for metric, _priority in self.targets})
            },
            "thresholds": {str(key): list(some) for key, some in sorted(self.thresholds.items())},
            "escalation": {
                str(key): [{"at": one.percent, "do": str(one.act)} for one in some]
                for key, some in sorted(self.escalation.items())
            },
            "takes_back": self.takes_back,
            "pauses_for_third_party": self.pauses_for_third_party,
            "answer_within": None
            if self.answer_within is None
            else int(self.answer_within.total_seconds()),
            "complete_form": self.complete_form,
            "notice_days": self.notice_days,
            "review_on": None if self.review_on is None else self.review_on.isoformat(),
        }

    def flat(self) -> dict[str, Any]:
        """As the audit keeps it: one plain value for each field of the editor."""
        kept = self.dump()
        targets = {
            target_name(metric, priority): budgets.write(budget)
            for (metric, priority), budget in sorted(self.targets.items())
        }
        warned = {f"warn_{key}": some for key, some in kept.pop("thresholds").items()}
        steps = {f"steps_{key}": some for key, some in kept.pop("escalation").items()}
        answer = self.answer_within
        del kept["targets"]
        return (
            targets
            | warned
            | steps
            | kept
            | {"answer_within": None if answer is None else budgets.write(answer)}
        )

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Conditions:
        """What `dump` wrote."""
        services, answer, review = raw["services"], raw["answer_within"], raw["review_on"]
        return cls(
            clients=tuple(raw["clients"]),
            services=None if services is None else tuple(services),
            calendar_id=raw["calendar"],
            targets={
                (metric, priority): timedelta(seconds=seconds)
                for metric, some in raw["targets"].items()
                for priority, seconds in some.items()
            },
            thresholds={key: tuple(some) for key, some in raw["thresholds"].items()},
            escalation=_steps(raw["escalation"]),
            takes_back=raw["takes_back"],
            pauses_for_third_party=raw["pauses_for_third_party"],
            answer_within=None if answer is None else timedelta(seconds=answer),
            complete_form=raw["complete_form"],
            notice_days=raw["notice_days"],
            review_on=None if review is None else date.fromisoformat(review),
        )

    @classmethod
    def of(cls, version: AgreementVersion) -> Conditions:
        """What a version says; two queries, none where targets and coverage were prefetched."""
        coverage = list(version.coverage.all())
        services = sorted({one.service_id for one in coverage if one.service_id is not None})
        seconds = version.answer_within_seconds
        return cls(
            clients=tuple(sorted({one.client_id for one in coverage})),
            services=tuple(services) if services else None,
            calendar_id=version.calendar_id,
            targets={
                (one.metric, one.priority): timedelta(seconds=one.budget_seconds)
                for one in version.targets.all()
            },
            thresholds={key: tuple(some) for key, some in version.thresholds.items()},
            escalation=_steps(version.escalation),
            takes_back=version.takes_back,
            pauses_for_third_party=version.pauses_for_third_party,
            answer_within=None if seconds is None else timedelta(seconds=seconds),
            complete_form=version.complete_form,
            notice_days=version.notice_days,
            review_on=version.review_on,
        )

    def stored_escalation(self) -> dict[str, list[dict[str, int | str]]]:
        """The steps as a version keeps them. Raises BadTerms."""
        return stored_escalation(self.escalation)


def target_name(metric: str, priority: str) -> str:
    """The field of a target: "resolution_P1"."""
    return f"{metric}_{priority}"


def falls_short(said: Conditions, least: Conditions) -> dict[str, str]:
    """Where less is promised than the minimum asks: field to the reason.

    Less is a longer time, or none at all where the minimum names one.
    """
    found = {}
    for (metric, priority), longest in least.targets.items():
        budget = said.budget(metric, priority)
        if budget is None or budget > longest:
            found[target_name(metric, priority)] = _(
                "The organisation’s minimum is %(budget)s."
            ) % {"budget": budgets.write(longest)}
    return found


def _steps(raw: Mapping[str, Any]) -> dict[str, tuple[engine.Escalation, ...]]:
    return {
        priority: tuple(engine.Escalation(one["at"], engine.Act(one["do"])) for one in some)
        for priority, some in raw.items()
    }
