"""The figures in words, short enough to show beside them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from requests_app.figures import Definition
from requests_app.figures.definitions import by_name

DEFINITIONS = by_name(
    Definition(
        "attainment",
        _("Within the promise"),
        _(
            "Each promise is decided when it is kept, or at its due time if it is not. Of those "
            "decided in the period, the share kept; unanswered requests are included, and a past "
            "month never changes. What a department does for itself is left out."
        ),
    ),
    Definition(
        "late",
        _("Late now"),
        _("Promises that are past their due time and still open."),
    ),
    Definition(
        "at_risk",
        _("At risk"),
        _(
            "Promises whose time is running, that have passed the first warning (such as 75 % of "
            "the time) and are not late."
        ),
    ),
    Definition(
        "time_taken",
        _("Time taken"),
        _(
            "From asking to the first answer, or to the solution, of what ended in the period: "
            "working time without pauses, and calendar time beside it. Half took no longer than "
            "the median, nine of ten no longer than the 90th percentile."
        ),
    ),
    Definition(
        "breach_reasons",
        _("Why promises were broken"),
        _(
            "Of the promises broken in the month, how many for which reason, as the department "
            "that answers for them says. How many were broken never changes once the month is "
            "over; a reason may still be given where nobody has said one, and then stands."
        ),
    ),
    Definition(
        "heat_map",
        _("By hour of the week"),
        _(
            "Of the promises decided in the period, the share that was late, by the weekday and "
            "hour in which the request was made."
        ),
    ),
)
