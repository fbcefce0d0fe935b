"""Forms about one person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Department, Team, User
from servicedesk.administration.forms.base import Form

ORGANISATION = "organisation"


class PersonForm(Form):
    """Who somebody is, and where they work."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say who it is.")},
    )
    employee_number = forms.CharField(
        label=gettext_lazy("Employee number"),
        max_length=40,
        help_text=gettext_lazy("It stays when name, address or department change."),
        error_messages={"required": gettext_lazy("Enter the employee number.")},
        widget=forms.TextInput(attrs={"class": "input-short"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("They sign in with it, and mails go there."),
        error_messages={
            "required": gettext_lazy("Enter the address: they sign in with it."),
            "invalid": gettext_lazy("Write an address like ada@example.org."),
        },
    )
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=gettext_lazy("Department"),
        empty_label=gettext_lazy("Choose"),
        error_messages={
            "required": gettext_lazy("Choose a department."),
            "invalid_choice": gettext_lazy("Choose one of the departments offered."),
        },
    )

    def __init__(self, data: Any = None, *, person: User | None = None) -> None:
        names = ("name", "employee_number", "email", "department")
        initial = {name: getattr(person, name) for name in names} if person else None
        super().__init__(data, initial=initial)


class JoinForm(Form):
    """The team that a person comes into."""

    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=gettext_lazy("Team"),
        empty_label=gettext_lazy("Choose"),
        error_messages={
            "required": gettext_lazy("Choose a team."),
            "invalid_choice": gettext_lazy("Choose one of the teams offered."),
        },
    )
    is_lead = forms.BooleanField(label=gettext_lazy("As a lead of the department"), required=False)

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, prefix="join")
        field: Any = self.fields["team"]
        field.queryset = Team.objects.exclude(memberships__user=person).select_related("department")
        field.label_from_instance = lambda team: f"{team.department}: {team.name}"


class ManageForm(Form):
    """Whose figures a person reads."""

    department = forms.ChoiceField(
        label=gettext_lazy("Figures of"),
        error_messages={
            "required": gettext_lazy("Choose a department, or the organisation."),
            "invalid_choice": gettext_lazy("Choose one of the departments offered."),
        },
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="manage")
        self.departments = {str(one.pk): one for one in Department.objects.all()}
        field: Any = self.fields["department"]
        field.choices = [
            ("", _("Choose")),
            (ORGANISATION, _("The whole organisation")),
            *((pk, one.name) for pk, one in self.departments.items()),
        ]

    @property
    def chosen(self) -> Department | None:
        """The department; None for the organisation. Of a valid form."""
        return self.departments.get(self.cleaned_data["department"])


def find_person(who: str) -> User:
    """Whoever works here and has this mail address or number. Raises ValidationError."""
    who = who.strip()
    found = User.objects.filter(Q(email__iexact=who) | Q(employee_number=who), is_active=True)
    person = found.order_by("pk").first()
    if person is None:
        raise ValidationError(_("Nobody here has that address or number."))
    return person
