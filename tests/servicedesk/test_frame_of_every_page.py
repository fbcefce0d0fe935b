"""What holds for every answer: headers, the reader's zone, closed sign-up."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import User
from servicedesk.middleware import ReaderTimeZone


def zone_while_answering(user: User | AnonymousUser) -> str:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = HttpRequest()
    request.user = user
    ReaderTimeZone(view)(request)
    return seen[0]


def test_times_are_shown_in_the_zone_of_the_person_who_reads() -> None:
    assert zone_while_answering(User(zone="Europe/Lisbon")) == "Europe/Lisbon"
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_zone_that_no_longer_exists_does_not_lock_anyone_out() -> None:
    assert zone_while_answering(User(zone="Europe/Atlantis")) == "UTC"


def test_who_is_not_signed_in_reads_utc() -> None:
    assert zone_while_answering(AnonymousUser()) == "UTC"


@pytest.mark.django_db
def test_every_page_carries_a_policy_without_inline_or_evaluated_script(client: Client) -> None:
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy


@pytest.mark.django_db
def test_nobody_signs_up(client: Client) -> None:
    before = User.objects.count()
    client.post(
        reverse("account_signup"),
        {"email": "eve@example.com", "password1": "quite-long-1", "password2": "quite-long-1"},
    )
    assert User.objects.count() == before
