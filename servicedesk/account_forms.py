"""allauth's forms in our words: labels instead of placeholders."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = dict[str, str | Promise]


class InOurWords:
    """Names a form's fields by what the class says, and does without placeholders."""

    labels: Labels = {}
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
        if "password1" in fields:
            fields["password1"].help_text = " ".join(password_validators_help_texts()[1:2])


class SignIn(InOurWords, LoginForm):
    """E-mail and password."""

    labels = {"login": _("E-mail"), "remember": _("Keep me signed in here")}


class ForgottenPassword(InOurWords, ResetPasswordForm):
    """Where the mail with the link goes."""

    labels = {"email": _("E-mail")}


class NewPassword(InOurWords, ResetPasswordKeyForm):
    """A new password, by the link of a mail."""

    labels = {"password1": _("New password"), "password2": _("The same again")}


class OtherPassword(InOurWords, ChangePasswordForm):
    """Another password, by the one there is."""

    labels = {
        "oldpassword": _("Password until now"),
        "password1": _("New password"),
        "password2": _("The same again"),
    }


class FirstPassword(InOurWords, SetPasswordForm):
    """A password for who has signed in without one until now."""

    labels = {"password1": _("New password"), "password2": _("The same again")}


class StillYou(InOurWords, ReauthenticateForm):
    """The password once more."""

    labels = {"password": _("Password")}


class SecondFactor(InOurWords, AuthenticateForm):
    """The code of the app, or a recovery code."""

    labels = {"code": _("Code")}


class FirstCode(InOurWords, ActivateTOTPForm):
    """The first code of an app that has just been set up."""

    labels = {"code": _("Code that the app shows")}
