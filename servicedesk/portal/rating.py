"""The form by which one rates how a request was handled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from feedback import actions
from feedback.models import SCORES, Invitation, State
from requests_app.errors import Refused

CHOICES = [(str(score), word) for score, word in SCORES.items()]


class RateForm(forms.Form):
    """One of five scores, and a comment if one likes."""

    use_required_attribute = False

    score = forms.ChoiceField(
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the five answers."),
            "invalid_choice": gettext_lazy("Choose one of the five answers."),
        },
    )
    comment = forms.CharField(
        label=gettext_lazy("Would you like to say more?"),
        help_text=gettext_lazy("What went well, what did not. The department reads who wrote it."),
        required=False,
        max_length=actions.LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 3}),
        strip=True,
    )


def rate_form(invitation: Invitation, data: QueryDict | None, chosen: str) -> RateForm:
    """The form as it was sent; else with the rating given before, or the score of the link."""
    rating = getattr(invitation, "rating", None)
    initial: dict[str, Any] = {}
    if rating is not None:
        initial = {"score": str(rating.score), "comment": rating.comment}
    if chosen in dict(CHOICES):
        initial["score"] = chosen
    form = RateForm(data, initial=initial)
    form.fields["score"].label = question(invitation)
    return form


def question(invitation: Invitation) -> str:
    """What is asked."""
    return gettext_lazy("How satisfied are you with how %(department)s handled this request?") % {
        "department": invitation.provider_department.name
    }


def give(form: RateForm, invitation: Invitation, *, at: datetime) -> bool:
    """Record the rating; False, with the errors in the form, where it cannot be."""
    if not form.is_valid():
        return False
    try:
        actions.rate(
            invitation.pk,
            score=int(form.cleaned_data["score"]),
            comment=form.cleaned_data["comment"],
            at=at,
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return False
    return True


def is_settled(invitation: Invitation, now: datetime) -> bool:
    """Whether it was answered and can no longer be changed."""
    return invitation.state(now) == State.SETTLED
