"""What the departments of Harbour & Pine have agreed, by the deeds that leads do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from calendars.worktime import working_days
from catalogue.models import Service
from people.models import Department, User
from slas import agreements, drafting
from slas.agreements import DEFAULT_TARGETS
from slas.conditions import Conditions
from slas.drafting import Wanted

Lead = Callable[[str], User]

REVIEW_AFTER = timedelta(days=100)


def agree(departments: dict[str, Department], lead: Lead, at: datetime) -> None:
    """Write down the minimum and a few agreements; one waits for its client's answer.

    They promise what the standards do, so that what is true at Harbour & Pine stays true; what
    they add is the client's part.
    """
    _minimum(at)
    contracts = Service.objects.filter(department=departments["legal"], slug="contract")
    _agreed(
        departments["legal"],
        [departments["sales"]],
        _wanted(
            "Contracts for Sales",
            departments["legal"],
            [departments["sales"]],
            at,
            services=tuple(contracts.values_list("pk", flat=True)),
            answer_within=working_days(1),
            complete_form=True,
            notice_days=5,
        ),
        lead,
        at,
    )
    others = [one for slug, one in departments.items() if slug != "it"]
    _agreed(
        departments["it"],
        others,
        _wanted("IT for everyone", departments["it"], others, at, answer_within=working_days(2)),
        lead,
        at,
    )
    _propose_to_design(departments, lead, at)


def _minimum(at: datetime) -> None:
    """Twice the time that a department promises by itself."""
    least = {key: 2 * budget for key, budget in DEFAULT_TARGETS.items() if key[0] != "update"}
    none: dict[str, tuple[()]] = dict.fromkeys(("P1", "P2", "P3", "P4"), ())
    agreements.say_minimum(Conditions(targets=least, thresholds=none, escalation=none), at=at)


def _propose_to_design(departments: dict[str, Department], lead: Lead, at: datetime) -> None:
    """Design was promised better by Facilities, and has not answered yet."""
    provider, client = departments["facilities"], departments["design"]
    wanted = _wanted("Rooms and moves for Design", provider, [client], at)
    tighter = {**wanted.said.targets, ("resolution", "P3"): working_days(2)}
    wanted = replace(wanted, said=replace(wanted.said, targets=tighter))
    made = drafting.create(provider, wanted, by=lead("facilities"), at=at)
    drafting.propose(
        made,
        revision=1,
        message="We were slow for you. This is what we can hold from now on.",
        by=lead("facilities"),
        at=at,
    )


def _wanted(
    name: str,
    provider: Department,
    clients: list[Department],
    at: datetime,
    *,
    services: tuple[int, ...] | None = None,
    answer_within: timedelta | None = None,
    complete_form: bool = False,
    notice_days: int | None = None,
) -> Wanted:
    said = replace(
        Conditions.of(agreements.standard_version(provider.pk, at)),
        clients=tuple(sorted(one.pk for one in clients)),
        services=services,
        answer_within=answer_within,
        complete_form=complete_form,
        notice_days=notice_days,
        review_on=(at + REVIEW_AFTER).date(),
    )
    return Wanted(name=name, said=said)


def _agreed(
    provider: Department, clients: list[Department], wanted: Wanted, lead: Lead, at: datetime
) -> None:
    made = drafting.create(provider, wanted, by=lead(provider.slug), at=at)
    drafting.propose(made, revision=1, by=lead(provider.slug), at=at)
    for one in clients:
        drafting.accept(made, revision=1, by=lead(one.slug), at=at)
