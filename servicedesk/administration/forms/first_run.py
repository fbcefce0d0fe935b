"""The form that sets up a fresh desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from servicedesk.administration import first_run
from servicedesk.administration.forms.base import Form, country_field, zone_field

ABOUT_DESK = ("organisation", "department", "zone", "country", "reporting_zone")
ABOUT_PERSON = ("name", "email", "password", "password_again")


class SetUpForm(Form):
    """The organisation, its first department and the first administrator."""

    token = forms.CharField(
        label=gettext_lazy("Set-up token"),
        max_length=200,
        help_text=gettext_lazy(
            "Whoever runs the server finds it in its log, or prints it by “manage.py set_up_token”."
        ),
        error_messages={"required": gettext_lazy("Enter the token that the server printed.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    organisation = forms.CharField(
        label=gettext_lazy("Name of the organisation"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say what the organisation is called.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    department = forms.CharField(
        label=gettext_lazy("First department"),
        max_length=80,
        initial=gettext_lazy("Administration"),
        help_text=gettext_lazy("The one you work in. All others come afterwards."),
        error_messages={"required": gettext_lazy("Say what your department is called.")},
    )
    zone = zone_field(help_text=gettext_lazy("Where that department works."))
    country = country_field(help_text=gettext_lazy("Its public holidays are days off."))
    reporting_zone = zone_field(
        required=False,
        label=gettext_lazy("Time zone of figures"),
        help_text=gettext_lazy(
            "Days and months of all figures are those of this zone. Empty: the department’s."
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say who you are.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Enter your e-mail: you sign in with it."),
            "invalid": gettext_lazy("Write an address like ada@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        strip=False,
        error_messages={"required": gettext_lazy("Choose a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=gettext_lazy("The same password again"),
        max_length=200,
        strip=False,
        error_messages={"required": gettext_lazy("Enter the password once more.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts()[1:2])
        if not settings.SETUP_TOKEN_REQUIRED:
            del self.fields["token"]

    def clean_token(self) -> str:
        given: str = self.cleaned_data["token"]
        if not first_run.opens(given):
            raise ValidationError(_("This is not the token that the server printed."))
        return given

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        password = given.get("password")
        if password and given.get("password_again") and password != given["password_again"]:
            self.add_error("password_again", _("The two passwords are not the same."))
        elif password:
            person = User(name=given.get("name", ""), email=given.get("email", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return given

    @property
    def facts(self) -> dict[str, Any]:
        """What `set_up` takes; of a valid form."""
        apart = {"token", "password_again"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}
