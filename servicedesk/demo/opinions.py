"""What stands behind an opinion: why, what it cost, and whether with a name. Pure."""

from __future__ import annotations

import random
from itertools import accumulate

from feedback.reasons import LostTime, Reason, suiting

_WEIGHTS = {
    Reason.TOO_LONG: 9,
    Reason.EXPLAINED_AGAIN: 4,
    Reason.NOT_SOLVED: 4,
    Reason.UNFRIENDLY: 1,
    Reason.IN_THE_DARK: 6,
    Reason.HARD_TO_FOLLOW: 2,
    Reason.QUICK: 8,
    Reason.FRIENDLY: 7,
    Reason.KEPT_POSTED: 3,
    Reason.FOR_GOOD: 4,
    Reason.CLEAR: 5,
    Reason.THOUGHT_AHEAD: 2,
}
_LOST = {
    1: (0, 1, 3, 5, 4, 3),
    2: (1, 2, 4, 5, 3, 1),
    3: (3, 4, 5, 3, 1, 0),
    4: (8, 6, 3, 1, 0, 0),
    5: (14, 5, 1, 0, 0, 0),
}


def reasons(rng: random.Random, score: int) -> tuple[str, ...]:
    """Up to three that suit the score; two in five give none."""
    if rng.random() < 0.4:
        return ()
    offered = suiting(score)
    weights = list(accumulate(_WEIGHTS[one] for one in offered))
    wanted = rng.choices((1, 2, 3), (6, 3, 1))[0]
    drawn = {rng.choices(offered, cum_weights=weights)[0].value for _number in range(wanted)}
    return tuple(sorted(drawn))


def lost_time(rng: random.Random, score: int) -> str:
    """How much working time it cost; half of the people do not say."""
    if rng.random() < 0.5:
        return ""
    return str(rng.choices(list(LostTime), _LOST[score])[0].value)


def is_unnamed(rng: random.Random, score: int) -> bool:
    """Whether the person left the name away: some do where they were not content."""
    return rng.random() < (0.2 if score < 4 else 0.08)
