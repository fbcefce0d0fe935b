"""Passwords are reset by a mail, a second factor is asked for, and who guesses has to wait."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client

from people.models import AuditEntry, User
from servicedesk.sign_in import OwnSecrets
from tests.beforehand import beforehand

pytestmark = pytest.mark.django_db

PASSWORD = "salt and harbours"


@pytest.fixture
@beforehand
def dana_in(dana: User) -> User:
    """Dana, with a password."""
    dana.set_password(PASSWORD)
    dana.save()
    return dana


def _sign_in(client: Client, password: str = PASSWORD, email: str = "dana@desk.example") -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


# -- Passwords -----------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_once_by_the_link(client: Client, dana_in: User) -> None:
    assert client.get("/accounts/password/reset/").status_code == 200
    answer = client.post("/accounts/password/reset/", {"email": "Dana@Desk.example"}, follow=True)
    assert "Look into your mail" in answer.content.decode()
    letter = mail.outbox[0]
    assert letter.subject == "Choose a password for the service desk"
    assert "example.com" not in letter.body
    link = re.findall(r"http://testserver(/\S+)", str(letter.body))[0]
    page = client.get(link, follow=True)
    assert "Choose a new password" in page.content.decode()
    address = page.redirect_chain[-1][0]
    short = client.post(address, {"password1": "short", "password2": "short"})
    assert "too short" in short.content.decode()
    other = {"password1": "another harbour", "password2": "another harbour"}
    done = client.post(address, other, follow=True)
    assert "Your password is new" in done.content.decode()
    assert _sign_in(client).status_code == 200
    assert _sign_in(client, "another harbour").status_code == 302
    again = Client().get(link, follow=True)
    assert "This link no longer works" in again.content.decode()


def test_nobody_learns_who_is_in_the_directory(client: Client, dana_in: User) -> None:
    pages = []
    for email in ("dana@desk.example", "nobody@desk.example"):
        answer = client.post("/accounts/password/reset/", {"email": email}, follow=True)
        pages.append(re.sub(r'value="[^"]{60,}"', "", answer.content.decode()))
    assert pages[0] == pages[1]
    assert [one.to for one in mail.outbox] == [["dana@desk.example"]]


def test_who_has_left_gets_no_link(client: Client, dana_in: User) -> None:
    User.objects.update(is_active=False)
    client.post("/accounts/password/reset/", {"email": "dana@desk.example"})
    assert not mail.outbox
    assert _sign_in(client).status_code in (200, 302)
    assert "_auth_user_id" not in client.session


def test_a_password_is_changed_by_the_one_there_is(client: Client, dana_in: User) -> None:
    client.force_login(dana_in)
    assert "Password until now" in client.get("/accounts/password/change/").content.decode()
    given = {"oldpassword": "wrong", "password1": "another one", "password2": "another one"}
    assert client.post("/accounts/password/change/", given).status_code == 200
    assert (
        client.post("/accounts/password/change/", given | {"oldpassword": PASSWORD}).status_code
        == 302
    )
    dana_in.refresh_from_db()
    assert dana_in.check_password("another one")
    assert "tell IT at once" in mail.outbox[0].body


def test_addresses_are_not_changed_past_the_directory(client: Client, dana_in: User) -> None:
    client.force_login(dana_in)
    for page in ("/accounts/email/", "/accounts/signup/", "/accounts/3rdparty/signup/"):
        assert client.get(page).status_code == 404
        assert client.post(page, {"email": "x@desk.example"}).status_code == 404


def test_an_old_address_opens_nothing_once_the_directory_has_another(
    client: Client, dana_in: User, it: Any
) -> None:
    _sign_in(client)
    EmailAddress.objects.get_or_create(
        user=dana_in, email="dana@desk.example", defaults={"verified": True, "primary": True}
    )
    ada = Client()
    ada.force_login(
        User.objects.create_user(
            "ada@d.example", employee_number="a", name="Ada", department=it, is_administrator=True
        )
    )
    given = {
        "name": dana_in.name,
        "employee_number": dana_in.employee_number,
        "email": "new@desk.example",
        "department": str(dana_in.department_id),
    }
    assert ada.post(f"/administration/people/{dana_in.pk}/", given).status_code == 302
    client.logout()
    _sign_in(client)
    assert "_auth_user_id" not in client.session
    client.post("/accounts/password/reset/", {"email": "dana@desk.example"})
    assert not mail.outbox
    _sign_in(client, email="new@desk.example")
    assert "_auth_user_id" in client.session


# -- Too many tries ------------------------------------------------------------------------------


def test_who_guesses_a_password_has_to_wait(client: Client, dana_in: User) -> None:
    for _ in range(5):
        assert "Too many" not in _sign_in(client, "a guess").content.decode()
    assert "Too many" in _sign_in(client, "a guess").content.decode()
    assert "Too many" in _sign_in(client).content.decode()  # even the right one, for five minutes
    assert "_auth_user_id" not in client.session


def test_who_asks_for_links_all_the_time_has_to_wait(client: Client, dana_in: User) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": "dana@desk.example"}) for _ in range(5)
    ]
    assert [one.status_code for one in answers] == [302, 302, 302, 429, 429]
    assert "Too many tries" in answers[-1].content.decode()
    assert len(mail.outbox) == 3


def test_a_header_that_anyone_may_write_does_not_count_as_another_address(
    client: Client, db: None
) -> None:
    statuses = [
        client.post(
            "/accounts/password/reset/",
            {"email": f"n{n}@desk.example"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        ).status_code
        for n in range(21)
    ]
    assert statuses[-1] == 429


# -- Second factor -------------------------------------------------------------------------------


def _set_up(client: Client) -> tuple[str, list[str]]:
    """Turn the second factor on as a person does; gives its secret and the recovery codes."""
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    if "Is it still you?" in page.content.decode():
        address = page.redirect_chain[-1][0]
        page = client.post(address, {"password": PASSWORD}, follow=True)
    text = page.content.decode()
    assert "<svg" in text
    assert "data:image" not in text  # the policy lets no such picture in
    assert 'style="' not in text
    secret = re.findall(r'<code class="scan-words">(\w+)</code>', text)[0]
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    done = client.post("/accounts/2fa/totp/activate/", {"code": _code(secret)}, follow=True)
    codes = re.findall(r'<code class="number">(\d+)</code>', done.content.decode())
    return secret, codes


def test_a_second_factor_is_asked_for_once_it_is_on(client: Client, dana_in: User) -> None:
    _sign_in(client)
    secret, codes = _set_up(client)
    assert len(codes) == 10
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept  # encrypted
    assert OwnSecrets().decrypt(kept) == secret
    assert "On: each sign-in asks" in client.get("/accounts/2fa/").content.decode()
    client.logout()
    answer = _sign_in(client)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    assert client.get("/requests/").status_code == 302
    page = client.post("/accounts/2fa/authenticate/", {"code": "nonsense"})
    assert "Incorrect code" in page.content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert "_auth_user_id" in client.session
    client.logout()
    _sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})  # each code works once
    assert "_auth_user_id" not in client.session


def test_an_administrator_takes_a_lost_factor_away(client: Client, dana_in: User, it: Any) -> None:
    _sign_in(client)
    _set_up(client)
    ada = User.objects.create_user(
        "ada@d.example", employee_number="a", name="Ada", department=it, is_administrator=True
    )
    other = Client()
    other.force_login(ada)
    assert (
        "Asked for at each sign-in"
        in other.get(f"/administration/people/{dana_in.pk}/").content.decode()
    )
    other.post(f"/administration/people/{dana_in.pk}/second-factor/")
    client.logout()
    _sign_in(client)
    assert "_auth_user_id" in client.session
    assert AuditEntry.objects.get(kind="user").changes == {"second_factor": [True, False]}


@pytest.mark.parametrize(
    "page",
    ["", "totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"],
)
def test_every_page_of_it_is_in_our_look(client: Client, dana_in: User, page: str) -> None:
    _sign_in(client)
    _set_up(client)
    answer = client.get(f"/accounts/2fa/{page}", follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "servicedesk/css/tokens.css" in text
    assert "Two-Factor" not in text


def test_a_second_factor_outlives_a_new_secret_key(settings: Any) -> None:
    old = settings.SECRET_KEY
    kept = OwnSecrets().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY = "quite another key, which came in its place"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert OwnSecrets().decrypt(kept) == "JBSWY3DPEHPK3PXP"
