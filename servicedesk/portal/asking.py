"""The form of a service: its own questions, and the two that every request is asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.answers import LONG, SHORT, BadAnswers, clean
from catalogue.fields import FormField, FormSpec, Kind
from catalogue.models import Service
from people.models import Department, User
from requests_app.actions import submit
from requests_app.errors import Refused
from requests_app.files import accepted
from requests_app.models import Draft, ServiceRequest
from requests_app.priority import Impact, Urgency
from servicedesk.portal.finding import colleague
from servicedesk.portal.keeping import PREFIX, typed_before
from servicedesk.signed_in import SignedInRequest
from servicedesk.uploads import Staged, staged

RADIOS_AT_MOST = 6

URGENCIES = [
    (str(Urgency.NOW), gettext_lazy("My work stands still")),
    (str(Urgency.SOON), gettext_lazy("It hampers me, or there is a date within days")),
    (str(Urgency.PLANNED), gettext_lazy("It can wait")),
]
IMPACTS = [
    (str(Impact.ME), gettext_lazy("Me")),
    (str(Impact.TEAM), gettext_lazy("My team")),
    (str(Impact.WIDE), gettext_lazy("A department or more")),
]
DEFAULT_IMPACT, DEFAULT_URGENCY = Impact.ME, Urgency.SOON


class AnswerField(forms.Field):
    """One of the service's own questions: `catalogue.answers` judges it, not the form."""

    def __init__(self, one: FormField, widget: forms.Widget) -> None:
        self.one = one
        super().__init__(required=one.required, label=one.label, help_text=one.help, widget=widget)

    def clean(self, value: Any) -> Any:
        """Hand on what was typed."""
        return value


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the page shows it, with the answer to an earlier one that it depends on."""

    field: BoundField
    columns: int | None = None
    when: str = ""
    """The name of the field it depends on."""
    answer: str = ""
    """The answer at which it is asked."""
    words: str = ""
    """The same in words."""
    staged: Staged | None = None
    """Of a question for a file: the one that answers it so far."""


class AskForm(forms.Form):
    """What is asked of whoever wants a service. `taken` says what to hand to `submit`."""

    use_required_attribute = False

    requester = forms.CharField(
        label=gettext_lazy("Whose request is it?"),
        help_text=gettext_lazy("The e-mail address or employee number of your colleague."),
        required=False,
        max_length=254,
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How much does it hold you up?"),
        choices=URGENCIES,
        widget=forms.RadioSelect,
        initial=str(DEFAULT_URGENCY),
        error_messages={
            "required": gettext_lazy("Say how much it holds you up."),
            "invalid_choice": gettext_lazy("Choose one of the three."),
        },
    )
    impact = forms.ChoiceField(
        label=gettext_lazy("Whom does it touch?"),
        choices=IMPACTS,
        widget=forms.RadioSelect,
        initial=str(DEFAULT_IMPACT),
        error_messages={
            "required": gettext_lazy("Say whom it touches."),
            "invalid_choice": gettext_lazy("Choose one of the three."),
        },
    )
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={
            "required": gettext_lazy("This form had lost its number. Please send it again."),
            "invalid": gettext_lazy("This form had lost its number. Please send it again."),
        },
    )

    def __init__(
        self,
        spec: FormSpec,
        *,
        suggest_url: str = "",
        data: QueryDict | None = None,
        typed: Mapping[str, Any] | None = None,
        files: Mapping[str, Staged] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(typed or {}))
        self.staged = dict(files or {})
        self.spec = spec
        self.answers: dict[str, Any] = {}
        self.colleague: User | None = None
        asked = spec.for_requester()
        chosen = any(one.kind is Kind.DEPARTMENT for one in asked)
        departments = _departments() if chosen else []  # asked for once, however many fields
        for one in asked:
            self.fields[PREFIX + one.key] = AnswerField(one, _widget(one, suggest_url, departments))
        self.order_fields([PREFIX + one.key for one in spec.for_requester()])
        self.fields["requester"].widget.attrs.update(suggesting(suggest_url))

    @property
    def asks_for_files(self) -> bool:
        """Whether any of its questions is answered by a file."""
        return any(one.kind is Kind.FILE for one in self.spec.for_requester())

    @property
    def questions(self) -> Iterator[Question]:
        """The service's own questions, in their order."""
        labels = {one.key: one for one in self.spec.fields}
        for one in self.spec.for_requester():
            question = _question(self[PREFIX + one.key], one, labels)
            yield replace(question, staged=self.staged.get(PREFIX + one.key))

    def clean(self) -> dict[str, Any]:
        """Judge all answers at once; each error stands beside its field."""
        given = dict(self.cleaned_data)
        self.colleague = self._colleague(given.get("requester", ""))
        try:
            self.answers = clean(self.spec, self._raw(given))
        except BadAnswers as bad:
            for key, message in bad.errors.items():
                if not self._errors_of_file(PREFIX + key):
                    self.add_error(PREFIX + key, message)
        for name in self.staged:
            for message in self._errors_of_file(name):
                self.add_error(name, message)
        if "key" in self.errors:
            self._renew_key()
        return given

    def refuse(self, refused: Refused) -> None:
        """Say why the desk would not take it, beside its field where it names one."""
        field = refused.field if refused.field in self.fields else None
        self.add_error(field, refused.message)
        if refused.field is None:
            self._renew_key()

    def refuse_answers(self, bad: BadAnswers) -> None:
        """Say what is wrong with the answers, where the form has changed meanwhile."""
        for key, message in bad.errors.items():
            name = PREFIX + key
            self.add_error(name if name in self.fields else None, message)

    @property
    def chosen_impact(self) -> str:
        """The impact as it is chosen on the page, or the usual one."""
        chosen = str(self["impact"].value())
        return chosen if chosen in list(Impact) else str(DEFAULT_IMPACT)

    @property
    def chosen_urgency(self) -> str:
        """The urgency as it is chosen on the page, or the usual one."""
        chosen = str(self["urgency"].value())
        return chosen if chosen in list(Urgency) else str(DEFAULT_URGENCY)

    @property
    def taken(self) -> dict[str, Any]:
        """What `requests_app.actions.submit` is given; only of a valid form."""
        return {
            "answers": self.answers,
            "impact": self.cleaned_data["impact"],
            "urgency": self.cleaned_data["urgency"],
            "key": self.cleaned_data["key"],
            "requester": self.colleague,
        }

    def _errors_of_file(self, name: str) -> Sequence[str]:
        return self.staged[name].errors if name in self.staged else ()

    def _colleague(self, text: str) -> User | None:
        if not text:
            return None
        found = colleague(text)
        if found is None:
            self.add_error("requester", _("We know nobody with this address or number."))
        return found

    def _raw(self, given: Mapping[str, Any]) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        for one in self.spec.for_requester():
            value = given.get(PREFIX + one.key)
            if one.kind is Kind.PERSON and value:
                found = colleague(str(value))
                value = found.pk if found else "?"
            if one.kind is Kind.FILE:
                held = self.staged.get(PREFIX + one.key, Staged())
                value = {"file": held.ids[0]} if held.ids else None
            raw[one.key] = value
        return raw

    def _renew_key(self) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["key"] = str(uuid.uuid4())
        self.data = data


def staged_answers(request: SignedInRequest, service: Service) -> dict[str, Staged]:
    """The files that came with the form, or came before, by the name of their field."""
    assert service.form_version is not None  # the database sees to that
    asked = service.form_version.spec.for_requester()
    names = [PREFIX + one.key for one in asked if one.kind is Kind.FILE]
    return {name: staged(request, name, most=1) for name in names}


def ask_form(
    service: Service,
    data: QueryDict | None,
    kept: Draft | None = None,
    files: Mapping[str, Staged] | None = None,
) -> AskForm:
    """The form of a published service: as it was sent, as it was left half typed, or empty."""
    assert service.form_version is not None  # the database sees to that
    spec = service.form_version.spec
    typed = typed_before(spec, kept)
    suggest_url = reverse("portal:suggest")
    return AskForm(spec, suggest_url=suggest_url, data=data, typed=typed, files=files)


def ask(form: AskForm, service: Service, *, by: User, at: datetime) -> ServiceRequest | None:
    """Ask for the service with what the form holds; None, with its errors set, where it fails."""
    if not form.is_valid():
        return None
    try:
        return submit(service, by=by, at=at, **form.taken)
    except Refused as refused:
        form.refuse(refused)
    except BadAnswers as bad:
        form.refuse_answers(bad)
    return None


def _question(field: BoundField, one: FormField, known: Mapping[str, FormField]) -> Question:
    short = len(one.choices) in (2, 4) and all(len(choice) < 32 for choice in one.choices)
    columns = 2 if one.kind is Kind.YES_NO or (short and one.kind is Kind.CHOICE) else None
    if one.shown_when is None:
        return Question(field, columns)
    key, answer = one.shown_when
    said = {"yes": _("Yes"), "no": _("No")}.get(answer, answer)
    words = _("Only if you answered “%(answer)s” to “%(question)s”.") % {
        "answer": said,
        "question": known[key].label,
    }
    return Question(field, columns, PREFIX + key, answer, words)


def _widget(
    one: FormField, suggest_url: str, departments: list[tuple[str | int, str]]
) -> forms.Widget:
    match one.kind:
        case Kind.LONG_TEXT:
            return forms.Textarea({"rows": 4, "maxlength": LONG})
        case Kind.NUMBER:
            return forms.TextInput({"inputmode": "decimal", "class": "input-short"})
        case Kind.DATE:
            return forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        case Kind.CHOICE if len(one.choices) > RADIOS_AT_MOST:
            nothing = ("", _("Please choose"))
            return forms.Select(choices=[nothing, *((choice, choice) for choice in one.choices)])
        case Kind.CHOICE:
            return forms.RadioSelect(choices=[(choice, choice) for choice in one.choices])
        case Kind.CHOICES:
            return forms.CheckboxSelectMultiple(choices=[(item, item) for item in one.choices])
        case Kind.YES_NO:
            return forms.RadioSelect(choices=[("yes", _("Yes")), ("no", _("No"))])
        case Kind.PERSON:
            return forms.TextInput({"maxlength": 254} | suggesting(suggest_url))
        case Kind.FILE:
            return forms.FileInput({"accept": accepted()})
        case Kind.DEPARTMENT:
            return forms.Select(choices=departments)
        case _:
            return forms.TextInput({"maxlength": SHORT})


def _departments() -> list[tuple[str | int, str]]:
    return [("", _("Please choose")), *Department.objects.values_list("pk", "name")]


def suggesting(url: str) -> dict[str, str]:
    """What makes a field offer colleagues while one types; without script it is a plain field."""
    return {
        "list": "colleagues",
        "autocomplete": "off",
        "hx-get": url,
        "hx-trigger": "input changed delay:250ms",
        "hx-target": "#colleagues",
    }
