"""Who comes by the organisation's sign-in is matched by a verified address, or kindly refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from people.models import AuditEntry, Department, User
from tests import factories
from tests.administration.provider import CLIENT, SECRET, Provider, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider that the desk trusts."""
    with running() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "SCOPE": ["openid", "profile", "email"],
                "APPS": [
                    {
                        "provider_id": "desk",
                        "name": "Harbour & Pine",
                        "client_id": CLIENT,
                        "secret": SECRET,
                        "settings": {"server_url": provider.address},
                    }
                ],
            }
        }
        settings.OIDC_DEPARTMENT_CLAIM = "department"
        yield provider


def _come(client: Client, provider: Provider, **person: Any) -> Any:
    """Sign in there as this person, and come back."""
    provider.person = {"sub": "s-1", "email_verified": True, "name": "Dana Byrne"} | person
    away = client.get("/accounts/oidc/desk/login/")
    assert away.status_code == 302
    query = parse_qs(urlsplit(away["Location"]).query)
    back = {"code": "c", "state": query["state"][0]}
    return client.get("/accounts/oidc/desk/login/callback/", back)


def _is_in(client: Client) -> str:
    """The name of who is signed in; "" where nobody is."""
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).name if pk else ""


def test_the_sign_in_page_offers_it_by_name(client: Client, provider: Provider) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "Sign in with Harbour &amp; Pine" in page
    assert 'href="/accounts/oidc/desk/login/' in page


def test_without_a_provider_there_is_nothing_of_it(client: Client, db: None) -> None:
    assert "Sign in with" not in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/oidc/desk/login/").status_code == 404


def test_the_way_there_is_guarded(client: Client, provider: Provider) -> None:
    away = client.get("/accounts/oidc/desk/login/")["Location"]
    query = parse_qs(urlsplit(away).query)
    assert away.startswith(f"{provider.address}/authorize?")
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["http://testserver/accounts/oidc/desk/login/callback/"]


def test_a_verified_address_is_who_has_it_in_the_directory(
    client: Client, provider: Provider, dana: User
) -> None:
    answer = _come(client, provider, email="Dana@Desk.example")
    assert answer["Location"] == "/landing/"
    assert _is_in(client) == "Dana Byrne"
    assert provider.asked[0]["code_verifier"]
    assert SocialAccount.objects.get().user == dana
    client.logout()
    dana.email = "dana.lee@desk.example"  # the directory has another address by now
    dana.save()
    _come(client, provider, email="dana@desk.example")
    assert _is_in(client) == "Dana Byrne"
    assert User.objects.count() == 1


@pytest.mark.parametrize("verified", [False, None, "no", 0])
def test_an_address_that_nobody_verified_is_nobodys(
    client: Client, provider: Provider, dana: User, verified: Any
) -> None:
    answer = _come(client, provider, email="dana@desk.example", email_verified=verified)
    assert answer.status_code == 403
    assert "not confirmed" in answer.content.decode()
    assert not _is_in(client)
    assert not SocialAccount.objects.exists()


def test_no_address_at_all_is_refused(client: Client, provider: Provider, dana: User) -> None:
    assert _come(client, provider).status_code == 403
    assert not _is_in(client)


def test_who_is_unknown_is_refused_kindly(
    client: Client, provider: Provider, it: Department
) -> None:
    answer = _come(client, provider, email="stranger@desk.example")
    assert answer.status_code == 403
    assert "The desk does not know you yet" in answer.content.decode()
    answer = _come(client, provider, email="stranger@desk.example", department="Nowhere")
    assert answer.status_code == 403
    assert not User.objects.exists()


@pytest.mark.parametrize("claim", ["IT", "it", ["nobody", "IT"]])
def test_a_department_by_claim_makes_a_new_person(
    client: Client, provider: Provider, it: Department, claim: Any
) -> None:
    _come(client, provider, email="New@desk.example", name="Nia New", department=claim)
    nia = User.objects.get()
    assert (nia.email, nia.name, nia.department) == ("new@desk.example", "Nia New", it)
    assert not nia.has_usable_password()
    assert _is_in(client) == "Nia New"
    assert AuditEntry.objects.get(kind="user").deed == "created"


def test_the_number_claimed_is_kept_unless_it_is_somebody_elses(
    client: Client, provider: Provider, it: Department, dana: User
) -> None:
    claims = {"department": "IT", "employee_number": "4711"}
    _come(client, provider, email="a@desk.example", **claims)
    assert User.objects.get(employee_number="4711").email == "a@desk.example"
    client.logout()
    answer = _come(client, provider, sub="s-2", email="b@desk.example", **claims)
    assert answer.status_code == 403
    assert not User.objects.filter(email="b@desk.example").exists()


def test_who_has_left_stays_out(client: Client, provider: Provider, dana: User) -> None:
    _come(client, provider, email="dana@desk.example")
    client.logout()
    User.objects.update(is_active=False)
    answer = _come(client, provider, email="dana@desk.example")
    assert answer.status_code == 403
    answer = _come(client, provider, sub="s-2", email="dana@desk.example")
    assert "no longer counts you" in answer.content.decode()
    assert not _is_in(client)


@pytest.mark.parametrize(
    "wrong", [{"is_broken": True}, {"audience": "someone else"}, {"issuer": "http://else"}]
)
def test_a_provider_that_says_nonsense_lets_nobody_in(
    client: Client, provider: Provider, dana: User, wrong: dict[str, Any]
) -> None:
    for name, value in wrong.items():
        setattr(provider, name, value)
    answer = _come(client, provider, email="dana@desk.example")
    assert answer.status_code == 403
    assert "The sign-in did not work" in answer.content.decode()
    assert not _is_in(client)


def test_a_made_up_return_lets_nobody_in(client: Client, provider: Provider, dana: User) -> None:
    provider.person = {"sub": "s-1", "email": "dana@desk.example", "email_verified": True}
    answer = client.get("/accounts/oidc/desk/login/callback/", {"code": "c", "state": "mine"})
    assert answer.status_code == 403
    assert not provider.asked
    assert not _is_in(client)


def test_a_provider_that_does_not_answer_is_said_kindly(
    client: Client, provider: Provider, settings: Any
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"] = {
        "server_url": "http://127.0.0.1:1"
    }
    answer = client.get("/accounts/oidc/desk/login/")
    assert answer.status_code == 502
    assert "did not answer" in answer.content.decode()


def test_who_breaks_off_is_told_so(client: Client, provider: Provider) -> None:
    away = client.get("/accounts/oidc/desk/login/")
    query = parse_qs(urlsplit(away["Location"]).query)
    back = {"error": "access_denied", "state": query["state"][0]}
    answer = client.get("/accounts/oidc/desk/login/callback/", back)
    assert "You broke off the sign-in" in answer.content.decode()


def test_one_does_not_link_accounts_by_hand(client: Client, provider: Provider, dana: User) -> None:
    other = factories.make_person("Other", email="other@desk.example")
    client.force_login(other)
    assert client.get("/accounts/3rdparty/").status_code == 404
    away = client.get("/accounts/oidc/desk/login/?process=connect")
    query = parse_qs(urlsplit(away["Location"]).query)
    provider.person = {"sub": "s-9", "email": "dana@desk.example", "email_verified": True}
    answer = client.get(
        "/accounts/oidc/desk/login/callback/", {"code": "c", "state": query["state"][0]}
    )
    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()
