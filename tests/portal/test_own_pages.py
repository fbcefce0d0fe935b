"""Notices, profile, and the demo's mailbox."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from catalogue.models import Service
from notices.models import KeptMail, Notice
from people.models import User
from requests_app import actions
from tests import factories
from tests.portal.conftest import SignIn
from tests.portal.reading import assert_sound, queries, words
from tests.times import MONDAY_10

LONG = "A sentence that somebody wrote into the subject because nobody told them to be brief " * 2


def resolved(laptop: Service, dana: User, omar: User, subject: str = "A new laptop") -> None:
    one = factories.make_service_request(laptop, by=dana, subject=subject)
    actions.resolve(one, message="Done.", by=omar, at=MONDAY_10)


def test_the_bell_with_nothing_behind_it_says_so(dana: User, signed_in: SignIn) -> None:
    response = signed_in(dana).get("/notices/")
    assert "Nothing new" in words(response)
    assert "Mark all as read" not in words(response)
    assert_sound(response)


def test_a_notice_is_read_by_opening_it_and_leads_to_its_request(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    resolved(laptop, dana, omar)
    client, notice = signed_in(dana), Notice.objects.filter(user=dana).latest("pk")
    page = client.get("/notices/")
    assert "New:" in words(page)
    assert_sound(page)
    response = client.post(f"/notices/{notice.pk}/open/")
    assert notice.service_request is not None
    assert response["Location"] == notice.service_request.get_absolute_url()
    assert "New:" not in words(client.get("/notices/"))


def test_looking_at_a_notices_address_reads_nothing(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    resolved(laptop, dana, omar)
    notice = Notice.objects.filter(user=dana).latest("pk")
    assert signed_in(dana).get(f"/notices/{notice.pk}/open/").status_code == 405
    assert signed_in(dana).get("/notices/read/").status_code == 405
    assert Notice.objects.get(pk=notice.pk).read_at is None


def test_the_notices_of_others_are_not_found(
    dana: User, omar: User, kai: User, laptop: Service, signed_in: SignIn
) -> None:
    resolved(laptop, dana, omar)
    notice = Notice.objects.filter(user=dana).latest("pk")
    assert signed_in(kai).post(f"/notices/{notice.pk}/open/").status_code == 404
    assert signed_in(kai).post("/notices/99999999999999999999/open/").status_code == 404
    assert Notice.objects.get(pk=notice.pk).read_at is None


def test_all_notices_are_read_at_once(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    for _ in range(3):
        resolved(laptop, dana, omar)
    client = signed_in(dana)
    assert client.post("/notices/read/")["Location"] == "/notices/"
    assert not Notice.objects.filter(user=dana, read_at=None).exists()


def test_notices_take_the_same_queries_for_one_and_for_fifty_and_are_paged(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    resolved(laptop, dana, omar, LONG)
    few = queries(client, "/notices/")
    for _ in range(40):
        resolved(laptop, dana, omar, LONG)
    assert queries(client, "/notices/") == few <= 10
    first = client.get("/notices/")
    second = client.get("/notices/" + first.context["older"])
    ids = [line.id for page in (first, second) for line in page.context["lines"]]
    assert ids == sorted(set(ids), reverse=True)
    assert len(first.context["lines"]) == 50
    assert len(ids) == Notice.objects.filter(user=dana).count()


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "\x00"])
def test_a_strange_place_in_the_notices_is_their_beginning(
    after: str, dana: User, signed_in: SignIn
) -> None:
    assert signed_in(dana).get("/notices/", {"after": after}).status_code == 200


def test_one_chooses_the_zone_in_which_one_reads_times(dana: User, signed_in: SignIn) -> None:
    client = signed_in(dana)
    page = client.get("/me/")
    assert "As my department: Europe/Dublin" in words(page)
    assert_sound(page)
    response = client.post("/me/", {"zone": "Europe/Warsaw", "language": "en"}, follow=True)
    dana.refresh_from_db()
    assert dana.zone == "Europe/Warsaw"
    assert "Times are now shown in Europe/Warsaw." in words(response)
    client.post("/me/", {"zone": "department", "language": "en"})
    dana.refresh_from_db()
    assert dana.zone == ""


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"zone": "Mars/Base", "language": "en"}, ["zone"]),
        ({"zone": "../etc/passwd", "language": "en"}, ["zone"]),
        ({"zone": "a\x00b", "language": "en"}, ["zone"]),
        ({"zone": "x" * 9000, "language": "en"}, ["zone"]),
        ({"zone": "Europe/Dublin", "language": "xx"}, ["language"]),
        ({}, ["zone", "language"]),
    ],
)
def test_what_is_no_zone_or_language_is_refused(
    given: dict[str, str], wrong: list[str], dana: User, signed_in: SignIn
) -> None:
    response = signed_in(dana).post("/me/", given)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == wrong
    assert_sound(response)
    dana.refresh_from_db()
    assert (dana.zone, dana.language) == ("", "en")


def test_nothing_but_zone_and_language_is_changed_on_the_profile(
    dana: User, signed_in: SignIn
) -> None:
    given = {"zone": "UTC", "language": "en", "is_administrator": "1", "email": "x@x.example"}
    signed_in(dana).post("/me/", given)
    dana.refresh_from_db()
    assert (dana.is_administrator, dana.email) == (False, "dana@desk.example")


@pytest.fixture
def demo(settings: Settings) -> None:
    """The desk runs as a demo."""
    settings.DEMO = True


def keep(to: str, subject: str = "IT-1042 is done", number: int = 0) -> KeptMail:
    return KeptMail.objects.create(
        to=to, subject=subject, message_id=f"{to} {subject} {number}",
        text="Hello,\n\nlook at http://testserver/requests/IT-1042/ <b>",
        html="<html><head><style>p{color:red}</style></head><body><p>Hello</p></body></html>",
    )  # fmt: skip


@pytest.mark.parametrize("address", ["/mailbox/", "/mailbox/{}/", "/mailbox/{}/html/"])
def test_outside_the_demo_there_is_no_mailbox(address: str, dana: User, signed_in: SignIn) -> None:
    kept = keep(dana.email)
    assert signed_in(dana).get(address.format(kept.pk)).status_code == 404
    assert Client().get(address.format(kept.pk)).status_code == 404


@pytest.mark.parametrize("address", ["/mailbox/", "/mailbox/{}/", "/mailbox/{}/html/"])
def test_the_mailbox_is_for_those_who_signed_in(address: str, demo: None, dana: User) -> None:
    assert Client().get(address.format(keep(dana.email).pk)).status_code == 302


def test_home_leads_to_the_mailbox_in_the_demo_only(
    dana: User, signed_in: SignIn, settings: Settings
) -> None:
    client = signed_in(dana)
    assert 'href="/mailbox/"' not in client.get("/").content.decode()
    settings.DEMO = True
    assert 'href="/mailbox/"' in client.get("/").content.decode()


def test_the_mailbox_holds_my_mails_or_all(
    demo: None, dana: User, kai: User, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    assert "No mail yet" in words(client.get("/mailbox/"))
    keep(dana.email, "To dana")
    keep(kai.email, "To kai")
    mine, everybodys = client.get("/mailbox/"), client.get("/mailbox/?to=all")
    assert "To dana" in words(mine)
    assert "To kai" not in words(mine)
    assert "To kai" in words(everybodys)
    assert_sound(mine)


def test_a_mail_is_shown_as_text_and_in_a_frame_that_may_do_nothing(
    demo: None, dana: User, signed_in: SignIn
) -> None:
    kept, client = keep(dana.email), signed_in(dana)
    page = client.get(f"/mailbox/{kept.pk}/")
    assert_sound(page)
    assert "allow-scripts" not in page.content.decode()
    assert f'src="/mailbox/{kept.pk}/html/" sandbox="' in page.content.decode()
    assert '<a href="http://testserver/requests/IT-1042/"' in page.content.decode()
    assert "&lt;b&gt;" in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    frame = client.get(f"/mailbox/{kept.pk}/html/")
    policy = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "<p>Hello</p>" in frame.content.decode()


@pytest.mark.parametrize("pk", ["0", "987654321", "99999999999999999999", "x"])
def test_a_mail_that_was_never_kept_is_not_found(
    pk: str, demo: None, dana: User, signed_in: SignIn
) -> None:
    assert signed_in(dana).get(f"/mailbox/{pk}/").status_code == 404
    assert signed_in(dana).get(f"/mailbox/{pk}/html/").status_code == 404


def test_the_mailbox_takes_the_same_queries_for_one_and_for_fifty(
    demo: None, dana: User, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    keep(dana.email, LONG)
    few = queries(client, "/mailbox/")
    for number in range(1, 60):
        keep(dana.email, LONG, number)
    assert queries(client, "/mailbox/") == few <= 8
    assert len(client.get("/mailbox/").context["page"].rows) == 50
