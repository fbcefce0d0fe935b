"""One form for every deed, built from what it needs. It checks shape; the deed checks sense."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalogue.models import Service
from people.models import User
from people.prepared import prepared
from requests_app.actions._doing import LONGEST_MESSAGE
from requests_app.files import accepted
from requests_app.lifecycle import Deed, Need, Role
from requests_app.models import ServiceRequest
from requests_app.priority import Impact, Urgency
from servicedesk.conversation import naming, own_fields
from servicedesk.conversation.deeds import OFFERS
from servicedesk.parts import e, safe
from servicedesk.uploads import Staged

IMPACTS = [
    (Impact.WIDE, _("A department or more, or an external customer feels it")),
    (Impact.TEAM, _("Several people")),
    (Impact.ME, _("One person")),
]
URGENCIES = [
    (Urgency.NOW, _("Now: work stands still")),
    (Urgency.SOON, _("Soon: hampered, or a date within days")),
    (Urgency.PLANNED, _("It can wait")),
]


class ColleagueField(forms.EmailField):
    """A colleague, by mail address; anyone who may sign in."""

    def clean(self, value: Any) -> User | None:
        """The person. Raises ValidationError where there is none."""
        address = super().clean(value)
        if not address:
            return None
        found = User.objects.filter(email__iexact=address, is_active=True).first()
        if found is None:
            raise ValidationError(_("No colleague has this address."))
        return found


class _ServicesByDepartment(forms.models.ModelChoiceIterator):
    field: ServiceField

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield ("", self.field.empty_label)
        services = _published(self.field.but)
        for department, group in groupby(services, key=lambda one: one[0]):
            yield (department, [(pk, name) for _department, pk, name in group])


@prepared
def _published(but: int) -> QuerySet[Service, tuple[str, int, str]]:
    services = Service.objects.published().exclude(pk=but).order_by("department__name", "name")
    return services.values_list("department__name", "pk", "name")


class _Services(forms.Select):
    """A list in groups, written at once: an organisation has hundreds of services."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """As Django's own, without a dictionary for each option."""
        chosen = self.format_value(value)

        def option(key: Any, words: Any) -> str:
            selected = " selected" if str(key) in chosen else ""
            return f'<option value="{e(key)}"{selected}>{e(words)}</option>'

        def group(label: str, choices: list[tuple[Any, Any]]) -> str:
            options = "\n".join(option(*one) for one in choices)
            return f'<optgroup label="{e(label)}">\n{options}\n</optgroup>'

        lines = [
            group(key, words) if isinstance(words, list) else option(key, words)
            for key, words in self.choices
        ]
        ties, options = flatatt(self.build_attrs(self.attrs, attrs)), "\n".join(lines)
        return safe(f'<select name="{e(name)}"{ties}>\n{options}\n</select>')


class ServiceField(forms.ModelChoiceField):
    """A published service, listed under its department; all `but` one."""

    iterator = _ServicesByDepartment
    widget = _Services

    def __init__(self, queryset: Any, *, but: int, **given: Any) -> None:
        self.but = but
        super().__init__(queryset, **given)


class DeedForm(forms.Form):
    """What the deed needs, and a key that makes a double click one deed."""

    use_required_attribute = False  # a box in a closed tab must not keep the others from being sent

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(
        self,
        deed: Deed,
        service_request: ServiceRequest,
        held: frozenset[Role],
        *args: Any,
        staged: Staged | None = None,
        **given: Any,
    ) -> None:
        given.setdefault("label_suffix", "")
        super().__init__(*args, **given)
        self.deed = deed
        self.staged = staged or Staged()
        """What was attached so far; it outlives a refusal."""
        self.service_request = service_request
        self.held = held
        self.initial.setdefault("key", uuid.uuid4())
        if deed.name in AGAINST_A_STATE:
            self.fields["seen"] = forms.IntegerField(
                required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput
            )
        for add in _fields_of(deed):
            add(self)
        if deed.name in WITH_FILES:
            self.fields["files"] = FilesField()
        if deed.name in naming.WITH_NAMES:
            self.fields["mentions"] = naming.ColleaguesField()

    @property
    def is_sent(self) -> bool:
        """Whether it holds what someone typed."""
        return self.is_bound

    def clean(self) -> dict[str, Any]:
        """Say which files were not taken."""
        for message in self.staged.errors if "files" in self.fields else ():
            self.add_error("files", message)
        return self.cleaned_data

    def given(self) -> dict[str, Any]:
        """The arguments of the action."""
        beside = ("key", "next", "files", "seen")
        data = {k: v for k, v in self.cleaned_data.items() if k not in beside}
        if self.deed.name == "annotate":
            return {"answers": own_fields.given(data)}
        if self.staged.ids and "files" in self.fields:
            data["files"] = self.staged.ids
        if Need.REASON in self.deed.needs:
            data["reason"] = data.pop("message")
        return data

    def once(self) -> str:
        """The idempotency key: that of the form, with what was given; typing anew is a new deed."""
        given = self.given() | {"files": self.staged.mark}
        said = repr(sorted((k, str(v)) for k, v in given.items()))
        mark = hashlib.sha256(f"{self.deed.name} {said}".encode()).hexdigest()[:20]
        return f"{self.cleaned_data.get('key') or uuid.uuid4()}:{mark}"

    @property
    def seen(self) -> int | None:
        """The newest event that was on the page on which it was written."""
        return self.cleaned_data.get("seen")

    def let_in(self) -> list[User]:
        """Those named who would see the request only by this."""
        people = self.cleaned_data.get("mentions") or []
        return naming.let_in(people, self.deed.name, self.service_request, self.held)

    def refuse(self, message: str, field: str | None) -> None:
        """Put what the deed did not like beside its field."""
        field = "message" if field == "reason" else field
        self.add_error(field if field in self.fields else None, message)


class ClosedTabs(forms.Form):
    """What the deeds of the composer's closed tabs need beside a message: one form for all."""

    use_required_attribute = False

    def __init__(
        self,
        deeds: Sequence[Deed],
        service_request: ServiceRequest,
        held: frozenset[Role],
        initial: dict[str, Any],
    ) -> None:
        super().__init__(initial=initial, label_suffix="")
        self.service_request = service_request
        self.held = held
        self.wanted_by: dict[str, list[str]] = {}
        """The deeds that need a field, by its name."""
        added: dict[Callable[[Any], None], list[str]] = {}
        for deed in deeds:
            for add in _fields_beside(deed):
                if add not in added:
                    before = len(self.fields)
                    add(self)
                    added[add] = list(self.fields)[before:]
                for name in added[add]:
                    self.wanted_by.setdefault(name, []).append(deed.name)
        if any(deed.name in naming.WITH_NAMES for deed in deeds):
            self.fields["mentions"] = naming.ColleaguesField()


WITH_FILES = frozenset({"reply", "answer", "note", "ask", "hold", "resolve", "reopen", "decline"})
"""The deeds whose message may come with files."""
FILES_ALONE = frozenset({"reply", "answer", "note"})
"""The deeds whose message may be its files and no words."""
AGAINST_A_STATE = frozenset(
    {"reply", "answer", "ask", "hold", "resolve", "reopen", "decline", "transfer"}
)
"""What is written with the state of the request in mind: held up where somebody was quicker."""


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.Field):
    """Where files are chosen; `servicedesk.uploads.staged` has taken them before the form reads."""

    widget = FilesInput

    def __init__(self) -> None:
        super().__init__(label=_("Files"), required=False)
        self.widget.attrs |= {"accept": accepted()}

    def clean(self, value: Any) -> None:
        """Nothing: they are in the form's `staged`."""


def _message(form: DeedForm, *, required: bool) -> None:
    words = OFFERS[form.deed.name]
    if form.deed.name in FILES_ALONE and form.staged.files:
        required = False
    form.fields["message"] = forms.CharField(
        label=str(words.prompt) or _("Message"),
        required=required,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please write a few words.")},
    )


def _look_again(form: DeedForm) -> None:
    form.fields["look_again_on"] = forms.DateField(
        label=_("Look at it again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Say when to look at it again."),
            "invalid": _("Write a date as year-month-day, such as 2026-12-01."),
        },
    )


def _third_party(form: DeedForm) -> None:
    form.fields["third_party"] = forms.CharField(
        label=_("Whom you wait for"),
        max_length=80,
        error_messages={"required": _("Say whom you wait for.")},
    )


def _approver(form: DeedForm) -> None:
    form.fields["approver"] = ColleagueField(
        label=_("Who approves? Their mail address"),
        error_messages={"required": _("Say who is to approve it.")},
    )


def _colleague(form: DeedForm) -> None:
    form.fields["user"] = ColleagueField(
        label=_("Your colleague’s mail address"),
        error_messages={"required": _("Say with whom.")},
    )


def _participant(form: DeedForm) -> None:
    on_it = User.objects.filter(participations__service_request=form.service_request)
    form.fields["user"] = forms.ModelChoiceField(
        on_it.order_by("name", "pk"),
        label=_("Who"),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Say who."), "invalid_choice": _("They are not on it.")},
    )


def _own_fields(form: DeedForm) -> None:
    request = form.service_request
    own_fields.add(form, request.form_version.spec, request.answers)


def agents_for(service_request: ServiceRequest) -> Any:
    """The people to whom the request may be assigned: of its team where it is restricted."""
    where = (
        {"memberships__team": service_request.team_id}
        if service_request.restricted
        else {"memberships__team__department": service_request.provider_department_id}
    )
    return User.objects.filter(is_active=True, **where).distinct().order_by("name", "pk")


def _assignee(form: DeedForm) -> None:
    form.fields["assignee"] = forms.ModelChoiceField(
        agents_for(form.service_request),
        label=_("To"),
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose a colleague.")},
    )
    form.initial.setdefault("assignee", form.service_request.assignee_id)


def _service(form: DeedForm) -> None:
    services = (
        Service.objects.published()
        .exclude(pk=form.service_request.service_id)
        .select_related("department")
        .only("name", "department__name", "department_id", "team_id", "restricted", "life")
        .order_by("department__name", "name")
    )
    form.fields["service"] = ServiceField(
        services,
        but=form.service_request.service_id,
        label=_("To the service"),
        empty_label=_("Choose a service"),
        error_messages={"required": _("Choose a service.")},
    )
    form.fields["wrong_department"] = forms.BooleanField(
        label=_("It never belonged to us"), required=False
    )


def _weight(form: DeedForm) -> None:
    request = form.service_request
    form.fields["impact"] = forms.ChoiceField(
        label=_("Whom does it touch?"), choices=IMPACTS, widget=forms.RadioSelect
    )
    form.fields["urgency"] = forms.ChoiceField(
        label=_("How urgent is it?"),
        choices=URGENCIES,
        widget=forms.RadioSelect,
        disabled=Role.LEAD not in form.held,
        help_text="" if Role.LEAD in form.held else _("Only a lead changes this."),
    )
    form.initial.setdefault("impact", request.impact)
    form.initial.setdefault("urgency", request.urgency)


_ADDS: dict[Need, Callable[[Any], None]] = {
    Need.APPROVER: _approver,
    Need.ASSIGNEE: _assignee,
    Need.SERVICE: _service,
    Need.THIRD_PARTY: _third_party,
    Need.LOOK_AGAIN: _look_again,
}


_OF_ITS_OWN: dict[str, Callable[[Any], None]] = {
    "prioritise": _weight,
    "share": _colleague,
    "unshare": _participant,
    "annotate": _own_fields,
}


def _fields_beside(deed: Deed) -> list[Callable[[Any], None]]:
    """The makers of a deed's fields beside its message, in the order in which they are asked."""
    adds = [add for need, add in _ADDS.items() if need in deed.needs]
    return [*adds, _OF_ITS_OWN[deed.name]] if deed.name in _OF_ITS_OWN else adds


def _fields_of(deed: Deed) -> list[Callable[[DeedForm], None]]:
    """The makers of all its fields."""
    adds = _fields_beside(deed)
    if deed.needs & {Need.MESSAGE, Need.REASON}:
        adds.append(lambda form: _message(form, required=True))
    elif Need.MESSAGE in deed.optional:
        adds.append(lambda form: _message(form, required=False))
    return adds


def look_again_default(today: date) -> date:
    """Two weekdays from today."""
    days = [date.fromordinal(today.toordinal() + n) for n in range(1, 6)]
    return [day for day in days if day.weekday() < 5][1]
