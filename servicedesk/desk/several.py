"""One deed on several rows of the queue: each through its action, each with its own outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.models import Department, User
from requests_app import access, actions
from requests_app.errors import DeskError
from requests_app.kinds import Via
from requests_app.lifecycle import StaleMove

MOST = 50
DEEDS = [("take", gettext_lazy("Take")), ("assign", gettext_lazy("Assign"))]


class SelectedField(forms.MultipleChoiceField):
    """References of rows: checked against what the person works on, not against choices."""

    def validate(self, value: list[str]) -> None:
        """At least one, and no more than a page holds."""
        if not value:
            raise forms.ValidationError(_("Select one request or more first."))
        if len(value) > MOST or any(len(one) > 20 or "\x00" in one for one in value):
            raise forms.ValidationError(_("This selection cannot be read. Please select anew."))


class BulkForm(forms.Form):
    """What to do with which rows."""

    act = forms.ChoiceField(choices=DEEDS)
    selected = SelectedField(required=False)
    assignee = forms.ModelChoiceField(User.objects.none(), required=False)
    next = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, department: Department, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["assignee"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            is_active=True, memberships__team__department=department
        ).distinct()

    def clean(self) -> dict[str, Any]:
        """Assigning needs someone to assign to."""
        data = super().clean() or self.cleaned_data
        if (
            data.get("act") == "assign"
            and not data.get("assignee")
            and "assignee" not in self.errors
        ):
            self.add_error("assignee", _("Choose a colleague."))
        return data


@dataclass(slots=True)
class Outcome:
    """What became of each selected request."""

    act: str
    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def done_words(self) -> str:
        """How many it worked for."""
        n = len(self.done)
        if self.act == "take":
            words = ngettext("You took %(which)s.", "You took %(n)d requests.", n)
        else:
            words = ngettext("%(which)s is assigned.", "%(n)d requests are assigned.", n)
        return words % {"n": n, "which": self.done[0]}

    def failed_words(self) -> list[str]:
        """Which it did not work for, and why: those with the same reason in one sentence."""
        reasons: dict[str, list[str]] = {}
        for reference, reason in self.failed.items():
            reasons.setdefault(reason, []).append(reference)
        return [
            _("Not done for %(which)s: %(reason)s") % {"which": ", ".join(which), "reason": reason}
            for reason, which in reasons.items()
        ]


def do(form: BulkForm, user: User, department: Department, now: datetime) -> Outcome:
    """Do it to each; one that fails does not stop the others."""
    data = form.cleaned_data
    outcome = Outcome(data["act"])
    given = {"assignee": data["assignee"]} if data["act"] == "assign" else {}
    wanted = list(dict.fromkeys(data["selected"]))
    rows = access.queue(user, department.pk).filter(reference__in=wanted)
    found = {one.reference: one for one in rows}
    for reference in wanted:
        if reference not in found:
            outcome.failed[reference] = _("it is not in this queue.")
            continue
        try:
            actions.perform(found[reference], data["act"], by=user, at=now, via=Via.PAGE, **given)
        except StaleMove:
            outcome.failed[reference] = _("someone was quicker.")
        except DeskError as error:
            outcome.failed[reference] = error.message
        else:
            outcome.done.append(reference)
    return outcome
