"""The request of someone who has signed in: what views behind `login_required` are given."""

from __future__ import annotations

from django.http import HttpRequest

from people.models import User


class SignedInRequest(HttpRequest):
    """An HTTP request whose `user` is a person; for annotations only, nobody makes one."""

    user: User
