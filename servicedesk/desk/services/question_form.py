"""The form in which a lead writes one question."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue import building
from catalogue.fields import (
    CHOOSING,
    DECIDING,
    HELP_LENGTH,
    LABEL_LENGTH,
    MOST_CHOICES,
    FormField,
    FormSpec,
    Kind,
)
from catalogue.wording import KINDS, answer_words

CHOICES_LENGTH = 20_000
ALWAYS = "always"


class ChoicesField(forms.CharField):
    """Some choices, one a line: asked for only where the kind of the answer offers any."""

    def validate(self, value: str) -> None:
        """Leave it to the question whether there must be any."""


class QuestionForm(forms.Form):
    """One question. `question` is what the catalogue keeps."""

    use_required_attribute = False

    label = forms.CharField(
        label=gettext_lazy("Question"),
        help_text=gettext_lazy("As you would ask a colleague: “Which office is it for?”"),
        max_length=LABEL_LENGTH,
        error_messages={"required": gettext_lazy("Write the question.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("The answer is"),
        choices=[(str(kind), KINDS[kind]) for kind in Kind],
        error_messages={
            "required": gettext_lazy("Say what the answer is."),
            "invalid_choice": gettext_lazy("Choose one of those offered."),
        },
    )
    choices = ChoicesField(
        label=gettext_lazy("Choices"),
        help_text=gettext_lazy("One a line; only where the answer is one or any of them."),
        max_length=CHOICES_LENGTH,
        widget=forms.Textarea({"rows": 4}),
    )
    help = forms.CharField(
        label=gettext_lazy("Help"),
        help_text=gettext_lazy("Stands below the question."),
        required=False,
        max_length=HELP_LENGTH,
    )
    required = forms.BooleanField(label=gettext_lazy("It must be answered"), required=False)
    shown = forms.ChoiceField(
        label=gettext_lazy("When is it asked?"),
        error_messages={
            "required": gettext_lazy("Say when it is asked."),
            "invalid_choice": gettext_lazy("Choose an answer to an earlier question."),
        },
    )
    private = forms.BooleanField(
        label=gettext_lazy("Only for us: your team answers it, the requester never sees it"),
        required=False,
    )
    revision = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        spec: FormSpec,
        one: FormField | None = None,
        revision: int = 0,
    ) -> None:
        super().__init__(data, initial=_initial(one) | {"revision": revision})
        self.spec, self.one = spec, one
        shown: Any = self.fields["shown"]
        shown.choices = _conditions(building.earlier(spec, one.key if one else ""))
        if len(shown.choices) == 1:
            shown.help_text = _(
                "To ask it only sometimes, first add a question with choices above it."
            )

    def clean(self) -> dict[str, Any]:
        """Judge the question as the catalogue does; what is wrong stands beside its field."""
        given = dict(self.cleaned_data)
        if self.errors:
            return given
        one = self.question
        wrong = one.problem()
        if one.kind in CHOOSING:
            self._check_choices(one, wrong)
        elif wrong:
            self.add_error("private" if one.provider_only else None, wrong)
        asker = building.find(self.spec, one.shown_when[0]) if one.shown_when else None
        if asker and asker.provider_only and not one.provider_only:
            self.add_error("shown", _("The requester is not asked “%s”.") % asker.label)
        return given

    @property
    def question(self) -> FormField:
        """The question as it was written; only of a form without errors of its fields."""
        given = self.cleaned_data
        kind = Kind(given["kind"])
        key, sign, answer = given["shown"].partition("=")
        return FormField(
            key=self.one.key if self.one else building.new_key(given["label"], self.spec),
            kind=kind,
            label=given["label"],
            help=given["help"],
            required=given["required"],
            choices=_lines(given["choices"]) if kind in CHOOSING else (),
            shown_when=(key, answer) if sign else None,
            provider_only=given["private"],
        )

    def renew(self, revision: int) -> None:
        """Let what was typed be sent again, on the form as someone else has kept it meanwhile."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["revision"] = str(revision)
        self.data = data

    def _check_choices(self, one: FormField, wrong: str) -> None:
        if len(one.choices) > MOST_CHOICES:
            wrong = _("%(given)d choices are too many; %(most)d fit.") % {
                "given": len(one.choices),
                "most": MOST_CHOICES,
            }
        if wrong:
            self.add_error("choices", wrong)


def _initial(one: FormField | None) -> dict[str, Any]:
    if one is None:
        return {"kind": str(Kind.SHORT_TEXT), "shown": ALWAYS}
    return {
        "label": one.label,
        "kind": str(one.kind),
        "choices": "\n".join(one.choices),
        "help": one.help,
        "required": one.required,
        "shown": "=".join(one.shown_when) if one.shown_when else ALWAYS,
        "private": one.provider_only,
    }


def _conditions(earlier: list[FormField]) -> list[Any]:
    asked = [one for one in earlier if one.kind in DECIDING and one.answers]
    groups = [(one.label, [_condition(one, answer) for answer in one.answers]) for one in asked]
    return [(ALWAYS, _("Always")), *groups]


def _condition(asker: FormField, answer: str) -> tuple[str, str]:
    words = {"question": asker.label, "answer": answer_words(asker, answer)}
    return f"{asker.key}={answer}", _("Only if “%(question)s” is “%(answer)s”") % words


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
