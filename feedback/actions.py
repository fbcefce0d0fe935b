"""Rating: the one deed of feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from feedback.models import Invitation, Rating, State
from requests_app import timeline
from requests_app.errors import Refused
from requests_app.kinds import Rated, Via
from requests_app.models import Event, ServiceRequest

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_COMMENT = 4000
"""Characters."""


@transaction.atomic
def rate(
    invitation_id: int,
    *,
    score: int,
    comment: str = "",
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> Rating:
    """Rate, or within 12 hours change the rating; each time an event "rated" is recorded.

    The signed link (or being the person invited) is the right to do so; whoever calls has checked
    it. The same answer again, or a key seen before, changes nothing. Raises Refused where the
    score is none, the comment too long, or the invitation cannot be answered (any more);
    Invitation.DoesNotExist for an id that is none.
    """
    _check(score, comment)
    comment = comment.strip()
    service_request = ServiceRequest.objects.lock(
        Invitation.objects.values_list("service_request_id", flat=True).get(pk=invitation_id)
    )
    invitation = Invitation.objects.select_related("rating", "person").get(pk=invitation_id)
    _refuse_unless_open(invitation, at)
    given: Rating | None = getattr(invitation, "rating", None)
    if given is None:
        given = Rating.objects.create(invitation=invitation, score=score, comment=comment, at=at)
    elif (given.score, given.comment) == (score, comment) or _seen(service_request, key):
        return given
    else:
        given.score, given.comment, given.changed_at = score, comment, at
        given.save(update_fields=["score", "comment", "changed_at"])
    timeline.record(
        service_request,
        "rated",
        Rated(rating_id=given.pk, score=score),
        by=invitation.person,
        at=at,
        via=via,
        key=key,
    )
    return given


def _check(score: int, comment: str) -> None:
    if isinstance(score, bool) or not isinstance(score, int) or not 1 <= score <= 5:
        raise Refused(_("Choose one of the five answers."), field="score")
    if len(comment) > LONGEST_COMMENT:
        raise Refused(
            _("The comment has %(length)d characters; %(limit)d fit.")
            % {"length": len(comment), "limit": LONGEST_COMMENT},
            field="comment",
        )
    if "\x00" in comment:
        raise Refused(_("The comment has a character that cannot be kept."), field="comment")


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
