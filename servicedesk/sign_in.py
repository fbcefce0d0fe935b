"""How people come in: django-allauth, with sign-up closed.

Accounts come from the directory, an administrator, or (where the environment says so) the
organisation's own sign-in by OpenID Connect. Settings name the three adapters here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

from people import actions
from people.models import Department, Organisation, User
from servicedesk import limits


class ClosedSignUp(DefaultAccountAdapter):
    """Accounts come from the directory or an administrator, never from a form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Too many wrong passwords or codes are answered as too much of anything is: by 429."""
        if code == "too_many_login_attempts":
            raise ImmediateHttpResponse(limits.too_many(self.request, "login_failed"))
        error: ValidationError = super().validation_error(code, *args)
        return error


class OwnSecrets(DefaultMFAAdapter):
    """Second factors: their secrets are kept encrypted, by a key made from SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        name = Organisation.objects.filter(pk=1).values_list("name", flat=True).first()
        return _("%(name)s desk") % {"name": name} if name else _("Service desk")

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, to stand in the page itself: no colour or size of its own."""
        drawn: str = super().build_totp_svg(url)
        return drawn[drawn.index("<svg") :]


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    digest = hashlib.sha256(b"servicedesk.second-factor" + force_bytes(key)).digest()
    return base64.urlsafe_b64encode(digest)


class DirectoryPeople(DefaultSocialAccountAdapter):
    """Who comes by OpenID Connect is someone of the directory, or of a department named by claim.

    Only an address that the provider has verified counts for anything.
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Match by verified address; refuse who is unknown and comes with no known department."""
        if sociallogin.state.get("process") == "connect":
            raise _refused(request, "failed")  # addresses match people; nobody links by hand
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise _refused(request, "left")
            return
        email = _verified_address(sociallogin)
        if not email:
            raise _refused(request, "unverified")
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            person = self._make(request, sociallogin, email)
        if not person.is_active:
            raise _refused(request, "left")
        sociallogin.connect(request, person)

    def _make(self, request: HttpRequest, sociallogin: Any, email: str) -> User:
        facts = _facts(sociallogin)
        department = _claimed_department(facts)
        if department is None:
            raise _refused(request, "unknown")
        values = {
            "email": email,
            "name": str(facts.get("name") or email.partition("@")[0])[:120],
            "employee_number": _number(facts, sociallogin.account.uid),
            "department": department,
        }
        try:
            with transaction.atomic():
                return actions.add_person(values, by=None, at=timezone.now())
        except ValidationError:  # the number is someone else's, or another sign-in was quicker
            there = User.objects.filter(email__iexact=email).first()
            if there is None:
                raise _refused(request, "unknown") from None
            return there

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, **kwargs: Any
    ) -> None:
        """Say kindly that the other side did not let the person in, or that they broke off."""
        raise _refused(request, "cancelled" if error == AuthError.CANCELLED else "failed")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: the organisation's own sign-in being connected is nothing to warn about."""


def _facts(sociallogin: Any) -> dict[str, Any]:
    """What the provider says of the person: its userinfo over its id token."""
    data = sociallogin.account.extra_data
    return {**data.get("id_token", {}), **data.get("userinfo", {})}


def _verified_address(sociallogin: Any) -> str:
    facts = _facts(sociallogin)
    email = facts.get("email")
    verified = facts.get("email_verified") in (True, "true")
    return str(email).strip().lower() if email and verified else ""


def _claimed_department(facts: dict[str, Any]) -> Department | None:
    """The department that the claim names, by name, key or address; a list has one that fits."""
    claim = settings.OIDC_DEPARTMENT_CLAIM
    given = facts.get(claim) if claim else None
    for name in given if isinstance(given, list) else [given]:
        if isinstance(name, str) and name.strip() and "\x00" not in name:
            word = name.strip()
            rule = Q(name__iexact=word) | Q(key__iexact=word) | Q(slug__iexact=word)
            found = Department.objects.filter(rule).order_by("pk").first()
            if found:
                return found
    return None


def _number(facts: dict[str, Any], uid: str) -> str:
    """The employee number claimed; else one made from the provider's own id of the person."""
    given = facts.get("employee_number")
    if isinstance(given, (str, int)) and str(given).strip():
        return str(given).strip()[:40]
    return f"oidc-{hashlib.sha256(uid.encode()).hexdigest()[:16]}"


def refusal(request: HttpRequest, why: str, *, status: int = 403) -> HttpResponse:
    """The page for who is not let in: "unverified", "left", "unknown", "cancelled" or "failed"."""
    return render(request, "socialaccount/refused.html", {"why": why}, status=status)


def _refused(request: HttpRequest, why: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(refusal(request, why))


def forget_other_addresses(people: Iterable[User]) -> None:
    """Nobody signs in, or is sent a reset, by an address that is no longer theirs."""
    for person in people:
        EmailAddress.objects.filter(user=person).exclude(email__iexact=person.email).delete()
