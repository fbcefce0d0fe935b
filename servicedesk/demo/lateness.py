"""Why a promise was late, as whoever was to keep it says afterwards. Pure."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from servicedesk.demo import truths
from slas.models import Reason

_OFTEN = {
    Reason.PEOPLE: 5,
    Reason.HARDER: 6,
    Reason.DEPARTMENT: 3,
    Reason.FORGOTTEN: 3,
    Reason.TARGET: 1,
    Reason.OTHER: 1,
}
_NOTES: dict[Reason, tuple[str, ...]] = {
    Reason.CLIENT: (
        "The answer came, but not the attachment that we asked for.",
        "We asked twice what it was to cost at most.",
    ),
    Reason.DEPARTMENT: (
        "Procurement had to open the order again first.",
        "We could not go on without the numbers from Data.",
    ),
    Reason.SUPPLIER: (
        "They promised the part for Tuesday and sent it on Friday.",
        "Their hotline closes at three.",
    ),
    Reason.PEOPLE: (
        "Two of us were ill that week.",
        "Everything came at once; we took the urgent ones first.",
        "One on leave, one in training.",
    ),
    Reason.MISDIRECTED: ("Half of the time was over when it reached us.",),
    Reason.HARDER: (
        "It looked like one setting and was four.",
        "The first way did not work; we had to begin again.",
        "Worth an article, so that the next one is quicker.",
    ),
    Reason.FORGOTTEN: ("It sat with me and I did not look. Sorry.",),
    Reason.TARGET: ("Nobody reads forty pages with care in three days.",),
    Reason.OTHER: ("The office was closed for the fire drill.",),
}


@dataclass(frozen=True, slots=True)
class Late:
    """What is known of a broken promise."""

    provider: str
    service: str
    client: str
    asked_on: date
    happened: Collection[str]
    """The kinds of deeds that were done to the request."""


def why(rng: random.Random, late: Late) -> tuple[str, str]:
    """The reason, and what more there is to say; often nothing."""
    reason = _reason(rng, late)
    note = rng.choice(_NOTES[reason]) if rng.random() < 0.35 else ""
    return reason.value, note


def _reason(rng: random.Random, late: Late) -> Reason:
    """What stands to reason in three of four cases; else whatever it may have been."""
    likely = _likely(late)
    if likely and rng.random() < 0.75:
        return rng.choice(likely)
    return rng.choices(list(_OFTEN), cum_weights=list(accumulate(_OFTEN.values())))[0]


def _likely(late: Late) -> list[Reason]:
    if late.provider == truths.BOTTLENECK[0]:
        return [Reason.PEOPLE, Reason.PEOPLE, Reason.TARGET, Reason.CLIENT]
    if (late.provider, late.client) == truths.NEGLECTED:
        return [Reason.FORGOTTEN, Reason.FORGOTTEN, Reason.PEOPLE]
    if late.provider == truths.QUIET_MONDAYS and late.asked_on.weekday() == 0:
        return [Reason.PEOPLE]
    if late.provider == truths.BUSY_MONTH_ENDS and truths.around_month_end(late.asked_on):
        return [Reason.PEOPLE, Reason.PEOPLE, Reason.DEPARTMENT]
    if "transferred" in late.happened:
        return [Reason.MISDIRECTED]
    if "held" in late.happened:
        return [Reason.SUPPLIER]
    if "asked" in late.happened:
        return [Reason.CLIENT, Reason.HARDER]
    return []
