"""Why someone was satisfied or not, and what it cost them: fixed lists, so that one can count."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_REASONS = 3
"""So many may be given with one answer."""


class Reason(models.TextChoices):
    """Each suits low scores (1 to 3) or high ones (4 and 5)."""

    TOO_LONG = "too_long", _("It took too long")
    EXPLAINED_AGAIN = "explained_again", _("I had to explain it several times")
    NOT_SOLVED = "not_solved", _("It is not really solved")
    UNFRIENDLY = "unfriendly", _("It was unfriendly")
    IN_THE_DARK = "in_the_dark", _("I did not know where it stands")
    HARD_TO_FOLLOW = "hard_to_follow", _("The answer was hard to follow")

    QUICK = "quick", _("It was quick")
    FRIENDLY = "friendly", _("It was friendly")
    KEPT_POSTED = "kept_posted", _("I was kept posted")
    FOR_GOOD = "for_good", _("It is solved for good")
    CLEAR = "clear", _("The answer was clear")
    THOUGHT_AHEAD = "thought_ahead", _("They thought ahead")


FOR_HIGH = frozenset(
    {
        Reason.QUICK,
        Reason.FRIENDLY,
        Reason.KEPT_POSTED,
        Reason.FOR_GOOD,
        Reason.CLEAR,
        Reason.THOUGHT_AHEAD,
    }
)
LOWEST_HIGH = 4
"""From this score on, reasons to be satisfied are asked for; below it, reasons not to be."""


def suiting(score: int) -> list[Reason]:
    """The reasons that can be given for a score, in the order in which they are shown."""
    high = score >= LOWEST_HIGH
    return [one for one in Reason if (one in FOR_HIGH) is high]


class LostTime(models.TextChoices):
    """How much working time the matter cost the person; a guess in bands is all one has."""

    NONE = "none", _("None")
    MINUTES = "minutes", _("Less than 15 minutes")
    HOUR = "hour", _("15 minutes to an hour")
    HOURS = "hours", _("1 to 4 hours")
    DAY = "day", _("Half a day to a day")
    MORE = "more", _("More than a day")


class Outcome(models.TextChoices):
    """What became of someone who was not satisfied."""

    PUT_RIGHT = "put_right", _("Put right")
    EXPLAINED = "explained", _("Explained")
    SPOKE = "spoke", _("Spoke with them")
    NOT_REACHED = "not_reached", _("Could not reach them")
