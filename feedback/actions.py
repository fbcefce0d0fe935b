"""Rating: what someone says of how a request was handled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from feedback import recovery, tallied
from feedback.models import EDITABLE_FOR, SCORES, Invitation, Rating, RatingReason, State
from feedback.reasons import MOST_REASONS, LostTime, Reason, suiting
from requests_app import timeline
from requests_app.errors import Refused, require_fitting
from requests_app.kinds import Rated, Via
from requests_app.models import Event, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LONGEST_COMMENT = 4000
"""Characters."""


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer as a whole."""

    score: int
    comment: str
    reasons: tuple[str, ...]
    lost_time: str
    unnamed: bool


@transaction.atomic
def rate(
    invitation_id: int,
    *,
    score: int,
    comment: str = "",
    reasons: Sequence[str] = (),
    lost_time: str = "",
    unnamed: bool = False,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> Rating:
    """Rate, or within 12 hours change the rating; each time an event "rated" is recorded.

    What is given is the whole answer: a reason left away is taken back. A score of 1 or 2 with a
    name opens a recovery task; a better one, or one without a name, takes back what nobody has
    looked after yet. The event of an answer without a name has no actor.

    The signed link (or being the person invited) is the right to do so; whoever calls has checked
    it. The same answer again, or a key seen before, changes nothing. Raises Refused, with the
    field, where something is not an answer, or the invitation cannot be answered (any more);
    Invitation.DoesNotExist for an id that is none.
    """
    said = _Said(score, comment.strip(), tuple(dict.fromkeys(reasons)), lost_time, unnamed)
    _check(said)
    service_request = ServiceRequest.objects.lock(
        Invitation.objects.values_list("service_request_id", flat=True).get(pk=invitation_id)
    )
    invitation = Invitation.objects.select_related("rating", "person").get(pk=invitation_id)
    _refuse_unless_open(invitation, at)
    given: Rating | None = getattr(invitation, "rating", None)
    if given is not None and (_is_same(given, said) or _seen(service_request, key)):
        return given
    tallied.TALLY.take_back([invitation_id])
    given = _keep(given or Rating(invitation=invitation, at=at), said, at)
    tallied.TALLY.add([invitation_id])
    follows = recovery.follow_rating(given, at)
    timeline.record(
        service_request,
        "rated",
        Rated(
            rating_id=given.pk,
            score=score,
            recovery_department_id=follows.opened_for,
            recovery_withdrawn=follows.withdrawn,
        ),
        by=None if unnamed else invitation.person,
        at=at,
        via=via,
        key=key,
    )
    return given


def _keep(rating: Rating, said: _Said, at: datetime) -> Rating:
    if rating.pk is not None:
        rating.changed_at = at
    rating.score, rating.comment, rating.lost_time = said.score, said.comment, said.lost_time
    rating.is_unnamed = said.unnamed
    rating.counts_at = None if said.unnamed else rating.at + EDITABLE_FOR
    rating.save()
    rating.reasons.exclude(reason__in=said.reasons).delete()
    RatingReason.objects.bulk_create(
        [RatingReason(rating=rating, reason=one) for one in said.reasons], ignore_conflicts=True
    )
    return rating


def _is_same(given: Rating, said: _Said) -> bool:
    return (given.score, given.comment, given.lost_time, given.is_unnamed) == (
        said.score,
        said.comment,
        said.lost_time,
        said.unnamed,
    ) and {one.reason for one in given.reasons.all()} == set(said.reasons)


def _check(said: _Said) -> None:
    score, comment = said.score, said.comment
    if isinstance(score, bool) or not isinstance(score, int) or not 1 <= score <= 5:
        raise Refused(_("Choose one of the five answers."), field="score")
    _check_reasons(said)
    if said.lost_time not in ("", *LostTime.values):
        raise Refused(_("Choose one of the lengths of time."), field="lost_time")
    require_fitting(comment, LONGEST_COMMENT, field="comment")


def _check_reasons(said: _Said) -> None:
    if len(said.reasons) > MOST_REASONS:
        raise Refused(_("Choose up to three reasons: those that count most."), field="reasons")
    if any(one not in Reason.values for one in said.reasons):
        raise Refused(_("Choose among these reasons."), field="reasons")
    strange = [one for one in said.reasons if Reason(one) not in suiting(said.score)]
    if strange:
        raise Refused(
            _("“%(reason)s” does not go with “%(score)s”. Choose among these, or none.")
            % {"reason": Reason(strange[0]).label, "score": SCORES[said.score]},
            field="reasons",
        )


def _refuse_unless_open(invitation: Invitation, at: datetime) -> None:
    reasons = {
        State.NOT_YET: _("This request cannot be rated yet."),
        State.SETTLED: _("You have rated this request; the time to change that is over."),
        State.WITHDRAWN: _("The request was reopened; we ask you again once it is done."),
        State.EXPIRED: _("The time to rate this request is over."),
    }
    reason = reasons.get(invitation.state(at))
    if reason is not None:
        raise Refused(reason)


def _seen(service_request: ServiceRequest, key: str | None) -> bool:
    return (
        key is not None and Event.objects.filter(service_request=service_request, key=key).exists()
    )
