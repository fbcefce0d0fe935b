"""Forms about the organisation, its departments and their teams."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.holidays_source import countries
from people.models import Department, Organisation
from requests_app.models import ServiceRequest
from servicedesk.administration.forms.base import Form, country_field, keep_known, zone_field

ICONS = (
    "building-2", "laptop", "users", "house", "banknote", "landmark", "scale", "shopping-cart",
    "megaphone", "handshake", "palette", "chart-column", "wrench", "truck", "factory", "hammer",
    "shield", "graduation-cap", "heart-pulse", "flask-conical", "globe", "phone", "headset",
    "briefcase", "book-open", "leaf", "coffee",
)  # fmt: skip


class OrganisationForm(Form):
    """What the organisation is called, and whose days its figures count."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say what the organisation is called.")},
    )
    reporting_zone = zone_field(
        label=gettext_lazy("Time zone of figures"),
        help_text=gettext_lazy("Days and months of all figures are those of this time zone."),
    )

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        given = {"name": organisation.name, "reporting_zone": organisation.reporting_zone}
        super().__init__(data, initial=given)
        keep_known(self.fields["reporting_zone"], organisation.reporting_zone)


class DepartmentForm(Form):
    """A department; its key is fixed once a reference bears it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        error_messages={"required": gettext_lazy("Say what the department is called.")},
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=6,
        validators=[
            RegexValidator(
                r"^[A-Z][A-Z0-9]{1,5}$", gettext_lazy("Two to six capital letters, such as IT.")
            )
        ],
        help_text=gettext_lazy("Begins the reference of each request to it, such as IT-1042."),
        error_messages={"required": gettext_lazy("Two to six capital letters, such as IT.")},
        widget=forms.TextInput(attrs={"class": "input-short", "autocapitalize": "characters"}),
    )
    description = forms.CharField(
        label=gettext_lazy("What it does"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("One line that colleagues read where they look for services."),
    )
    parent = forms.ModelChoiceField(
        Department.objects.none(),
        label=gettext_lazy("Part of"),
        required=False,
        empty_label=gettext_lazy("The organisation itself"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the departments offered.")},
    )
    zone = zone_field(help_text=gettext_lazy("Its working hours are of this zone."))
    country = country_field(help_text=gettext_lazy("Its public holidays are days off."))
    subdivision = forms.CharField(
        label=gettext_lazy("Part of the country"),
        max_length=6,
        required=False,
        help_text=gettext_lazy("Where it has holidays of its own: the code, such as BY."),
        widget=forms.TextInput(attrs={"class": "input-short"}),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Address"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("In links to it. Empty: made from the name."),
        error_messages={"invalid": gettext_lazy("Small letters, digits and hyphens only.")},
    )
    icon = forms.ChoiceField(
        label=gettext_lazy("Picture"),
        choices=[(name, name.replace("-", " ").rstrip(" 2")) for name in ICONS],
        initial="building-2",
    )

    def __init__(self, data: Any = None, *, department: Department | None = None) -> None:
        self.department = department
        super().__init__(data, initial=_values(department) if department else None)
        fields: dict[str, Any] = self.fields
        others = Department.objects.all()
        if department:
            others = others.exclude(pk=department.pk)
            keep_known(fields["zone"], department.zone)
            keep_known(fields["country"], department.country)
            keep_known(fields["icon"], department.icon)
            if _is_used(department):
                fields["key"].disabled = True
                fields["key"].help_text = _("Fixed: requests bear it in their reference.")
        fields["parent"].queryset = others

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))[:50])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        part = given.get("subdivision", "").upper()
        known = countries().get(given.get("country", ""), [])
        if part and known and part not in known:
            self.add_error("subdivision", _no_such_part(known))
        elif part and given.get("country") and not known:
            self.add_error("subdivision", _("This country has none with holidays of its own."))
        given["subdivision"] = part
        if "slug" in given and not given["slug"]:
            self.add_error("slug", _("Write an address: the name has no letter that fits in one."))
        return given


def _no_such_part(known: list[str]) -> ValidationError:
    return ValidationError(_("One of: %(codes)s."), params={"codes": ", ".join(known)})


def _is_used(department: Department) -> bool:
    """Whether a reference, which never changes, begins with its key."""
    begins = f"{department.key}-"
    return ServiceRequest.objects.filter(reference__startswith=begins).exists()


def _values(department: Department) -> dict[str, Any]:
    names = ("name", "key", "description", "zone", "country", "subdivision", "slug", "icon")
    return {name: getattr(department, name) for name in names} | {"parent": department.parent_id}


class TeamForm(Form):
    """What a team is called."""

    name = forms.CharField(
        label=gettext_lazy("Name of the team"),
        max_length=80,
        error_messages={"required": gettext_lazy("Say what the team is called.")},
    )


class MemberForm(Form):
    """Who comes into a team, by mail address or number."""

    who = forms.CharField(
        label=gettext_lazy("Colleague"),
        max_length=254,
        help_text=gettext_lazy("E-mail or employee number."),
        error_messages={"required": gettext_lazy("Say who.")},
    )
    is_lead = forms.BooleanField(label=gettext_lazy("As a lead of the department"), required=False)
