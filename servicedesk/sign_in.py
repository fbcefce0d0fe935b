"""How people come in: django-allauth, with sign-up closed."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):
    """Accounts come from the directory or an administrator, never from a form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
