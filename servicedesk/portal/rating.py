"""The form by which one rates how a request was handled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from feedback import actions
from feedback.models import SCORES, Invitation, Rating, State
from feedback.reasons import LostTime, Reason, suiting
from requests_app.errors import Refused

CHOICES = [(str(score), word) for score, word in SCORES.items()]


class RateForm(forms.Form):
    """One of five scores; once that is sent, why, what it cost, and a comment if one likes."""

    use_required_attribute = False

    score = forms.ChoiceField(
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the five answers."),
            "invalid_choice": gettext_lazy("Choose one of the five answers."),
        },
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Why?"),
        choices=Reason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Up to three: those that count most."),
        error_messages={"invalid_choice": gettext_lazy("Choose among these reasons.")},
    )
    comment = forms.CharField(
        label=gettext_lazy("Would you like to say more?"),
        required=False,
        max_length=actions.LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 3}),
        strip=True,
    )
    lost_time = forms.ChoiceField(
        label=gettext_lazy("How much working time did the matter cost you?"),
        choices=[("", gettext_lazy("I cannot say")), *LostTime.choices],
        required=False,
        help_text=gettext_lazy("A guess is enough."),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the lengths of time.")},
    )
    unnamed = forms.BooleanField(
        label=gettext_lazy("Without my name"),
        required=False,
        help_text=gettext_lazy(
            "With your name, the department reads your answer after 12 hours; a 1 or 2 reaches "
            "its lead at once, to put things right. Without it nobody reads your answer: it only "
            "counts, together with at least four others."
        ),
    )

    @property
    def is_whole(self) -> bool:
        """Whether the optional part is shown: once the score is sent, or something in it is wrong.

        Nobody is asked for reasons before the one Send that it takes.
        """
        return bool(self.initial.get("is_given")) or bool(set(self.errors) - {"score", "__all__"})

    @property
    def chosen(self) -> int | None:
        """The score as the form has it now, sent or not."""
        score = self["score"].value()
        return int(score) if score in dict(CHOICES) else None


_ASKS_WHY = {
    1: gettext_lazy("What went wrong?"),
    2: gettext_lazy("What went wrong?"),
    3: gettext_lazy("What was missing?"),
    4: gettext_lazy("What went well?"),
    5: gettext_lazy("What went well?"),
}


def rate_form(invitation: Invitation, data: QueryDict | None, chosen: str) -> RateForm:
    """The form as it was sent; else with the rating given before, or the score of the link."""
    rating: Rating | None = getattr(invitation, "rating", None)
    initial: dict[str, Any] = {}
    if rating is not None:
        initial = {
            "score": str(rating.score),
            "comment": rating.comment,
            "reasons": [one.reason for one in rating.reasons.all()],
            "lost_time": rating.lost_time,
            "unnamed": rating.is_unnamed,
            "is_given": True,
        }
    if chosen in dict(CHOICES):
        initial["score"] = chosen
    form = RateForm(data, initial=initial)
    form.fields["score"].label = question(invitation)
    if form.chosen:
        form.fields["reasons"].label = _ASKS_WHY[form.chosen]
    return form


def question(invitation: Invitation) -> str:
    """What is asked."""
    return gettext_lazy("How satisfied are you with how %(department)s handled this request?") % {
        "department": invitation.provider_department.name
    }


def give(form: RateForm, invitation: Invitation, *, at: datetime) -> bool:
    """Record the rating; False, with the errors in the form, where it cannot be."""
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.rate(
                invitation.pk,
                score=int(given["score"]),
                comment=given["comment"],
                reasons=given["reasons"],
                lost_time=given["lost_time"],
                unnamed=given["unnamed"],
                at=at,
            )
        except Refused as refused:
            known = refused.field in form.fields
            form.add_error(refused.field if known else None, refused.message)
    return form.is_valid()


def shown(form: RateForm) -> RateForm:
    """The form ready to be shown: with those reasons alone that go with the score it has now.

    Until then it takes them all: which of them suit, and why not, the deed says.
    """
    field = form.fields["reasons"]
    assert isinstance(field, forms.MultipleChoiceField)
    if form.chosen:
        field.choices = [(one.value, one.label) for one in suiting(form.chosen)]
    return form


def is_settled(invitation: Invitation, now: datetime) -> bool:
    """Whether it was answered and can no longer be changed."""
    return invitation.state(now) == State.SETTLED
