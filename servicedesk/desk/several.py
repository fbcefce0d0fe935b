"""One deed on several rows of the queue: each through its action, each with its own outcome."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.models import Service
from people.access import standing
from people.models import Department, User
from requests_app import access, actions, undoing
from requests_app.errors import DeskError
from requests_app.kinds import Via
from requests_app.lifecycle import StaleMove
from requests_app.models import ServiceRequest
from requests_app.priority import Impact, Urgency, priority_of

MOST = 50
DEEDS = [
    ("take", gettext_lazy("Take")),
    ("assign", gettext_lazy("Assign")),
    ("transfer", gettext_lazy("Transfer")),
    ("prioritise", gettext_lazy("Change priority")),
]
CAN_BE_UNDONE = ("take", "assign")
ASKS_FIRST = ("transfer", "prioritise")
"""What is filled in on a page of its own, with the selection on it."""


class SelectedField(forms.MultipleChoiceField):
    """References of rows: checked against what the person works on, not against choices."""

    def validate(self, value: list[str]) -> None:
        """At least one, and no more than a page holds."""
        if not value:
            raise forms.ValidationError(_("Select one request or more first."))
        if len(value) > MOST or any(len(one) > 20 or "\x00" in one for one in value):
            raise forms.ValidationError(_("This selection cannot be read. Please select anew."))


class SelectionForm(forms.Form):
    """What to do, with which rows, and where one came from."""

    act = forms.ChoiceField(choices=DEEDS)
    selected = SelectedField(required=False)
    next = forms.CharField(required=False, max_length=500)


# -- What each deed is given ---------------------------------------------------------------------


class ActForm(forms.Form):
    """What a deed on several is given: nothing."""

    use_required_attribute = False

    def __init__(
        self,
        data: QueryDict | None,
        *,
        department: Department,
        by: User,
        selected: Sequence[str] = (),
    ) -> None:
        super().__init__(data, label_suffix="")
        self.department = department
        self.by = by
        self.selected = selected
        self.prepare()

    def prepare(self) -> None:
        """Fill the choices."""

    def weight(self, _one: ServiceRequest) -> str:
        """What is to be known of one of the rows before it is done; mostly nothing."""
        return ""

    def given(self, _one: ServiceRequest) -> dict[str, Any]:
        """The arguments of the action for one of the rows."""
        return dict(self.cleaned_data)


class AssignForm(ActForm):
    """To whom."""

    assignee = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Assign to"),
        empty_label=gettext_lazy("Choose a colleague"),
        error_messages={
            "required": gettext_lazy("Choose a colleague."),
            "invalid_choice": gettext_lazy("Choose a colleague."),
        },
    )

    def prepare(self) -> None:
        """Those who work in the department."""
        there = User.objects.filter(is_active=True, memberships__team__department=self.department)
        self.fields["assignee"].queryset = there.distinct().order_by("name", "pk")  # type: ignore[attr-defined]


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("An internal note on each; the requester does not read it."),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Please write a few words.")},
    )


class TransferForm(ActForm):
    """To which service, and why."""

    service = forms.ChoiceField(
        label=gettext_lazy("To the service"),
        error_messages={
            "required": gettext_lazy("Choose a service."),
            "invalid_choice": gettext_lazy("Choose a service."),
        },
    )
    reason = _reason()
    wrong_department = forms.BooleanField(
        label=gettext_lazy("They never belonged to us"), required=False
    )

    def prepare(self) -> None:
        """Every published service, under its department; not the one where all of them are."""
        rows = access.queue(self.by, self.department.pk).filter(reference__in=self.selected)
        present = list(rows.order_by().values_list("service", flat=True).distinct()[:2])
        services = (
            Service.objects.published()
            .exclude(pk__in=present if len(present) == 1 else [])
            .select_related("department")
            .only("name", "department__name", "department_id", "team_id", "restricted", "life")
            .order_by("department__name", "name")
        )
        self.services = {str(one.pk): one for one in services}
        groups: dict[str, list[tuple[str, str]]] = {}
        for pk, one in self.services.items():
            groups.setdefault(one.department.name, []).append((pk, one.name))
        field: Any = self.fields["service"]
        field.choices = [("", _("Choose a service")), *groups.items()]

    def given(self, _one: ServiceRequest) -> dict[str, Any]:
        """The service itself."""
        return self.cleaned_data | {"service": self.services[self.cleaned_data["service"]]}


_TOUCHES = {
    Impact.WIDE: gettext_lazy("A department or more, or an external customer feels it"),
    Impact.TEAM: gettext_lazy("Several people"),
    Impact.ME: gettext_lazy("One person"),
}
_URGENT = {
    Urgency.NOW: gettext_lazy("Now: work stands still"),
    Urgency.SOON: gettext_lazy("Soon: hampered, or a date within days"),
    Urgency.PLANNED: gettext_lazy("They can wait"),
}
_AS_IT_IS = ("", gettext_lazy("Leave it as it is on each"))


class PrioritiseForm(ActForm):
    """Whom they touch and how urgent they are; the priority follows from both."""

    impact = forms.ChoiceField(
        label=gettext_lazy("Whom do they touch?"),
        choices=[
            _AS_IT_IS,
            *_TOUCHES.items(),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How urgent are they?"),
        choices=[
            _AS_IT_IS,
            *_URGENT.items(),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    reason = _reason()

    def weight(self, one: ServiceRequest) -> str:
        """From what its priority follows now, and which it gets by each choice on its own."""
        impact, urgency = Impact(one.impact), Urgency(one.urgency)
        said = [
            _("%(priority)s now: %(impact)s. %(urgency)s.")
            % {
                "priority": one.priority,
                "impact": _TOUCHES[impact],
                "urgency": self._urgent_one(urgency),
            }
        ]
        said += [
            _("%(choice)s: %(before)s → %(after)s.")
            % {
                "choice": _TOUCHES[other],
                "before": one.priority,
                "after": priority_of(other, urgency),
            }
            for other in _TOUCHES
            if other != impact
        ]
        if not self.fields["urgency"].disabled:
            said += [
                _("%(choice)s: %(before)s → %(after)s.")
                % {
                    "choice": self._urgent_one(other),
                    "before": one.priority,
                    "after": priority_of(impact, other),
                }
                for other in _URGENT
                if other != urgency
            ]
        return " ".join(said)

    @staticmethod
    def _urgent_one(urgency: Urgency) -> str:
        return _("It can wait") if urgency == Urgency.PLANNED else str(_URGENT[urgency])

    def prepare(self) -> None:
        """Urgency is the lead's."""
        if self.department.pk not in standing(self.by).lead_of:
            self.fields["urgency"].disabled = True
            self.fields["urgency"].help_text = _("Only a lead changes this.")

    def clean(self) -> dict[str, Any]:
        """Something must change."""
        data = super().clean() or self.cleaned_data
        if not (self.errors or data.get("impact") or data.get("urgency")):
            self.add_error("impact", _("Say what is to be different."))
        return data

    def given(self, one: ServiceRequest) -> dict[str, Any]:
        """What was left as it is stays."""
        data = self.cleaned_data
        return {
            "impact": data["impact"] or one.impact,
            "urgency": data["urgency"] or one.urgency,
            "reason": data["reason"],
        }


_FORMS: dict[str, type[ActForm]] = {
    "take": ActForm,
    "assign": AssignForm,
    "transfer": TransferForm,
    "prioritise": PrioritiseForm,
}


def form_of(
    act: str, data: QueryDict | None, department: Department, by: User, selected: Sequence[str]
) -> ActForm:
    """The form of a deed on the selected ones."""
    return _FORMS[act](data, department=department, by=by, selected=selected)


# -- Doing ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Outcome:
    """What became of each selected request."""

    act: str
    key: str = ""
    """That of each event, by which it can be taken back."""
    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def done_words(self) -> str:
        """How many it worked for."""
        n = len(self.done)
        words = {
            "take": ngettext("You took %(which)s.", "You took %(n)d requests.", n),
            "assign": ngettext("%(which)s is assigned.", "%(n)d requests are assigned.", n),
            "transfer": ngettext("%(which)s is handed over.", "%(n)d requests are handed over.", n),
            "prioritise": ngettext(
                "The priority of %(which)s is changed.",
                "The priority of %(n)d requests is changed.",
                n,
            ),
            "undo": ngettext("%(which)s is as it was.", "%(n)d requests are as they were.", n),
        }[self.act]
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


def do(act: str, selected: Sequence[str], form: ActForm, user: User, now: datetime) -> Outcome:
    """Do it to each; one that fails does not stop the others."""
    outcome = Outcome(act, f"several:{uuid.uuid4()}")

    def one_by_one(one: ServiceRequest) -> None:
        actions.perform(one, act, by=user, at=now, via=Via.PAGE, key=outcome.key, **form.given(one))

    _each(outcome, selected, user, form.department, one_by_one)
    return outcome


def undo(
    key: str, selected: Sequence[str], user: User, department: Department, now: datetime
) -> Outcome:
    """Take back what was done under that key to each, where nothing has happened since."""
    outcome = Outcome("undo")

    def one_by_one(one: ServiceRequest) -> None:
        undoing.give_back(one, key=key, by=user, at=now)

    _each(outcome, selected, user, department, one_by_one)
    return outcome


def _each(
    outcome: Outcome,
    selected: Sequence[str],
    user: User,
    department: Department,
    deed: Callable[[ServiceRequest], None],
) -> None:
    wanted = list(dict.fromkeys(selected))
    found = {one.reference: one for one in chosen_rows(user, department, wanted)}
    for reference in wanted:
        if reference not in found:
            outcome.failed[reference] = _("it is not in this queue.")
            continue
        try:
            deed(found[reference])
        except StaleMove:
            outcome.failed[reference] = _("someone was quicker.")
        except DeskError as error:
            outcome.failed[reference] = error.message
        else:
            outcome.done.append(reference)


def chosen_rows(
    user: User, department: Department, selected: Sequence[str]
) -> Sequence[ServiceRequest]:
    """The selected requests that the person works on, what breaches next on top."""
    rows = access.queue(user, department.pk).filter(reference__in=selected)
    return list(rows.for_list().due_first())
