"""The form in which a lead says what is promised: budgets typed as "30 min", "4 h", "2 days"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.models import Calendar
from catalogue.models import Life
from people.models import Department
from requests_app.priority import Priority
from slas import budgets
from slas.budgets import BadBudget
from slas.comparing import ACT_WORDS, METRIC_WORDS
from slas.conditions import METRICS, BadConditions, Conditions, target_name
from slas.drafting import Wanted
from slas.engine import Act, Escalation
from slas.models import Kind
from slas.terms import LATEST_STEP

ALL, SOME = "all", "some"
CHOOSE = {"invalid_choice": gettext_lazy("Choose among those offered.")}
METRIC_HELP = {
    "first_response": gettext_lazy("From the request to the first answer of a person."),
    "next_reply": gettext_lazy(
        "From a later message of the requester to the answer; empty: like the first response."
    ),
    "update": gettext_lazy("From one answer to the next, even if nobody asks; empty: no promise."),
    "resolution": gettext_lazy("From the request until it is done; empty: no promise."),
}


class BudgetField(forms.CharField):
    """A length of working time, typed in words; None where nothing is."""

    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, max_length=40, **given)

    def clean(self, value: Any) -> timedelta | None:
        """Read what was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return budgets.read(text)
        except BadBudget as bad:
            raise forms.ValidationError(str(bad)) from bad


class PercentsField(forms.CharField):
    """Percents of a budget: "50, 75"."""

    def __init__(self, *, most: int, **given: Any) -> None:
        super().__init__(required=False, max_length=40, **given)
        self.most = most

    def clean(self, value: Any) -> tuple[int, ...]:
        """Read what was typed, in order."""
        parts = re.split(r"[\s,;%]+", super().clean(value).strip(" ,;%"))
        if parts == [""]:
            return ()
        if not all(one.isascii() and one.isdigit() and len(one) < 6 for one in parts):
            raise forms.ValidationError(_("Write whole percents, like “50, 75”."))
        found = sorted({int(one) for one in parts})
        if not 1 <= found[0] <= found[-1] <= self.most:
            raise forms.ValidationError(_("Choose from 1 to %d %%.") % self.most)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table in which priorities stand side by side."""

    label: str
    help: str
    cells: Sequence[tuple[str, BoundField]]


class SomeServices(forms.MultipleChoiceField):
    """Asked only of who says "only some": so it is not marked optional, and may be empty."""

    def validate(self, value: Any) -> None:
        """Take nothing, too: whether that will do is for the deed to say."""
        if value:
            super().validate(value)


class ConditionsForm(forms.Form):
    """What a version says. `wanted` is what the deeds of agreements take."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As both departments will call it: “Contracts for Sales”."),
        max_length=80,
        error_messages={"required": gettext_lazy("Give it a name, “Contracts for Sales” say.")},
    )
    clients = forms.MultipleChoiceField(
        label=gettext_lazy("Whom do you promise it?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE
        | {"required": gettext_lazy("Choose the departments that you promise it to.")},
    )
    which = forms.ChoiceField(
        label=gettext_lazy("For which services?"),
        choices=[
            (ALL, gettext_lazy("All our services, those we add later too")),
            (SOME, gettext_lazy("Only some")),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE | {"required": gettext_lazy("Say for which services.")},
    )
    services = SomeServices(
        label=gettext_lazy("Which services, if only some?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )
    calendar = forms.ChoiceField(
        label=gettext_lazy("Working hours"),
        help_text=gettext_lazy("Times are counted while these are open."),
        error_messages=CHOOSE | {"required": gettext_lazy("Choose the working hours.")},
    )
    pauses = forms.BooleanField(
        label=gettext_lazy("It also stands still while we wait for someone outside"),
        help_text=gettext_lazy("The clock always stands still while we wait for the requester."),
        required=False,
    )
    takes_back = forms.BooleanField(
        label=gettext_lazy(
            "What nobody touches for half of the response time goes back to the queue"
        ),
        required=False,
    )
    answer_within = BudgetField(
        label=gettext_lazy("Answers our questions within"),
        help_text=gettext_lazy("Working time, like “1 day”. Breaches after a later answer show."),
    )
    notice_days = forms.IntegerField(
        label=gettext_lazy("Tells us of larger needs ahead by"),
        help_text=gettext_lazy("In working days."),
        required=False,
        min_value=1,
        max_value=260,
        error_messages={"invalid": gettext_lazy("Write a whole number of days.")},
    )
    complete_form = forms.BooleanField(
        label=gettext_lazy("Fills in the form completely before asking"), required=False
    )
    review_on = forms.DateField(
        label=gettext_lazy("Look at it again on"),
        help_text=gettext_lazy("A month before, the register says that it is due."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write a date, like 2027-03-31.")},
    )
    begins_on = forms.DateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("Empty: as soon as everyone has accepted it."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write a date, like 2027-03-31.")},
    )
    revision = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        kind: Kind,
        provider: Department | None,
        now: Wanted | None = None,
        revision: int = 0,
    ) -> None:
        super().__init__(data, initial=_initial(now, revision))
        self.kind = kind
        self._add_table()
        self.table_initial(now)
        if kind != Kind.AGREEMENT:
            for name in (*_OF_AGREEMENT, *(_OF_PROVIDER if kind == Kind.MINIMUM else ())):
                del self.fields[name]
            self.fields["begins_on"].help_text = _("Empty: from now on.")
        if provider is not None:
            self._offer(provider, now)

    def _add_table(self) -> None:
        for metric in METRICS:
            for priority in Priority:
                self.fields[target_name(metric, priority)] = BudgetField(
                    label=f"{METRIC_WORDS[metric]}, {priority}"
                )
        if self.kind == Kind.MINIMUM:
            return
        for priority in Priority:
            self.fields[f"warn_{priority}"] = PercentsField(
                most=99, label=_("Warn, %(priority)s") % {"priority": priority}
            )
            for act, words in ACT_WORDS.items():
                self.fields[f"{act}_{priority}"] = PercentsField(
                    most=LATEST_STEP, label=f"{words}, {priority}"
                )

    def table_initial(self, now: Wanted | None) -> None:
        """Show what holds now in the table."""
        if now is None:
            return
        said = now.said
        for (metric, priority), budget in said.targets.items():
            self.initial[target_name(metric, priority)] = budgets.write(budget)
        for priority in Priority:
            warned = said.thresholds.get(priority, ())
            self.initial[f"warn_{priority}"] = ", ".join(map(str, warned))
            for act in ACT_WORDS:
                steps = [one for one in said.escalation.get(priority, ()) if one.act == act]
                shown = ", ".join(str(one.percent) for one in steps)
                self.initial[f"{act}_{priority}"] = shown

    def _offer(self, provider: Department, now: Wanted | None) -> None:
        said = now.said if now else Conditions()
        calendars = Calendar.objects.filter(department=provider).order_by("-is_default", "name")
        self._choices("calendar", [(str(one.pk), one.name) for one in calendars])
        if self.kind != Kind.AGREEMENT:
            return
        others = Department.objects.exclude(pk=provider.pk).order_by("name")
        self._choices("clients", [(str(one.pk), one.name) for one in others])
        rows = provider.services.order_by("name").values_list("pk", "name", "life")
        kept = set(said.services or ())
        self._choices(
            "services",
            [(str(pk), name) for pk, name, life in rows if life == Life.PUBLISHED or pk in kept],
        )

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def promises(self) -> Iterator[Row]:
        """The table of promises: a line for each metric."""
        for metric, words in METRIC_WORDS.items():
            yield self._row(metric, str(words), str(METRIC_HELP[metric]))

    def steps(self) -> Iterator[Row]:
        """The table of what happens before and after a breach."""
        yield self._row("warn", _("Warn"), _("Shown as at risk from here on."))
        for act, words in ACT_WORDS.items():
            yield self._row(str(act), str(words), "")

    def _row(self, name: str, label: str, help_text: str) -> Row:
        cells = [(str(one), self[f"{name}_{one}"]) for one in Priority]
        return Row(label, help_text, cells)

    @property
    def wanted(self) -> Wanted:
        """What the deeds are told; only of a valid form."""
        given = self.cleaned_data
        services = None
        if given.get("which") == SOME:
            services = tuple(sorted(int(pk) for pk in given["services"]))
        calendar = given.get("calendar")
        said = Conditions(
            clients=tuple(sorted(int(pk) for pk in given.get("clients", ()))),
            services=services,
            calendar_id=int(calendar) if calendar else None,
            targets={
                (metric, str(priority)): budget
                for metric in METRICS
                for priority in Priority
                if (budget := given[target_name(metric, priority)]) is not None
            },
            thresholds={str(one): given.get(f"warn_{one}", ()) for one in Priority},
            escalation={str(one): self._steps_of(one) for one in Priority},
            takes_back=given.get("takes_back", False),
            pauses_for_third_party=given.get("pauses", False),
            answer_within=given.get("answer_within"),
            complete_form=given.get("complete_form", False),
            notice_days=given.get("notice_days"),
            review_on=given.get("review_on"),
        )
        return Wanted(name=given.get("name", ""), said=said, begins_on=given["begins_on"])

    def _steps_of(self, priority: Priority) -> tuple[Escalation, ...]:
        steps = [
            Escalation(percent, Act(act))
            for act in ACT_WORDS
            for percent in self.cleaned_data.get(f"{act}_{priority}", ())
        ]
        return tuple(sorted(steps))

    def refuse(self, bad: BadConditions) -> None:
        """Say why it will not do, beside the field it names."""
        for name, message in bad.errors.items():
            field = name.replace("steps_", "tell_assignee_")
            self.add_error(field if field in self.fields else None, message)

    def renew(self, revision: int) -> None:
        """Let what was typed be sent again, over what someone else has kept meanwhile."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["revision"] = str(revision)
        self.data = data


_OF_AGREEMENT = ("name", "clients", "which", "services", "answer_within", "notice_days",
                 "complete_form", "review_on")  # fmt: skip
_OF_PROVIDER = ("calendar", "pauses", "takes_back")


def _initial(now: Wanted | None, revision: int) -> dict[str, Any]:
    if now is None:
        return {"which": ALL, "revision": revision}
    said = now.said
    return {
        "name": now.name,
        "clients": [str(pk) for pk in said.clients],
        "which": ALL if said.services is None else SOME,
        "services": [str(pk) for pk in said.services or ()],
        "calendar": str(said.calendar_id or ""),
        "pauses": said.pauses_for_third_party,
        "takes_back": said.takes_back,
        "answer_within": budgets.write(said.answer_within) if said.answer_within else "",
        "notice_days": said.notice_days,
        "complete_form": said.complete_form,
        "review_on": said.review_on,
        "begins_on": now.begins_on,
        "revision": revision,
    }
