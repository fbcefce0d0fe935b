"""The pages of canned replies, for leads; and the box of a request that offers them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from people.models import Department, User
from requests_app import actions, canned
from requests_app.models import CannedReply, ServiceRequest
from slas.models import Clock
from tests import factories
from tests.beforehand import beforehand
from tests.desk.conftest import SignIn
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_10, MONDAY_NOON

HERE = "/manage/it/replies/"
TEXT = "Hello {requester_first_name},\n\n{reference} is **ready**."


@pytest.fixture
@beforehand
def ready(it: Department, lena: User) -> CannedReply:
    """A reply of IT."""
    return canned.keep(it, name="Ready", text=TEXT, by=lena, at=MONDAY_10)


def test_a_lead_writes_a_reply_and_finds_it_in_the_list(lena: User, sign_in: SignIn) -> None:
    browser = sign_in(lena)
    empty = browser.get(HERE)
    assert_sound(empty)
    assert "No replies yet" in words(empty)
    assert_sound(browser.get(f"{HERE}new/"))
    page = browser.post(f"{HERE}new/", {"name": "Ready", "text": TEXT}, follow=True)
    assert_sound(page)
    assert "“Ready” is kept." in words(page)
    assert CannedReply.objects.get().text == TEXT


def test_agents_are_told_whose_replies_these_are_and_others_find_none(
    ready: CannedReply, omar: User, kai: User, sign_in: SignIn
) -> None:
    for address in (HERE, f"{HERE}new/", f"{HERE}{ready.pk}/", f"{HERE}{ready.pk}/remove/"):
        assert sign_in(omar).get(address).status_code == 403
        assert sign_in(kai).get(address).status_code == 404


def test_a_variable_that_nobody_can_fill_in_is_refused_beside_the_text(
    lena: User, sign_in: SignIn
) -> None:
    page = sign_in(lena).post(f"{HERE}new/", {"name": "x", "text": "Dear {name}"})
    assert page.status_code == 422
    assert_sound(page)
    assert "Nobody can fill in {name}. There are: {requester}, " in words(page)
    assert "Dear {name}" in page.content.decode()


def test_the_text_is_shown_as_it_will_read_without_being_kept(
    ready: CannedReply, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    shown = browser.get(f"{HERE}{ready.pk}/")
    assert "Hello Dana," in words(shown)
    typed = {"name": "", "text": "For {requester}: **soon** <script>"}
    for address, sent in ((f"{HERE}look/", typed), (f"{HERE}{ready.pk}/", typed | {"look": "1"})):
        page = browser.post(address, sent)
        assert page.status_code == 200
        assert "For Dana Byrne: <strong>soon</strong>" in page.content.decode()
    ready.refresh_from_db()
    assert ready.text == TEXT


def test_of_two_leads_the_second_sees_what_the_first_kept_and_loses_nothing(
    ready: CannedReply, it_team: Department, lena: User, sign_in: SignIn
) -> None:
    browser, address = sign_in(lena), f"{HERE}{ready.pk}/"
    seen = ready.updated_at.isoformat()
    browser.post(address, {"name": "Ready", "text": "Hers", "seen": seen})
    page = browser.post(address, {"name": "Ready", "text": "Mine", "seen": seen})
    assert page.status_code == 409
    assert_sound(page)
    assert "Lena Nowak was quicker" in words(page)
    assert ">\nMine</textarea>" in page.content.decode()
    again = page.context["form"]["seen"].value()
    assert (
        browser.post(address, {"name": "Ready", "text": "Mine", "seen": again}).status_code == 302
    )
    assert CannedReply.objects.get().text == "Mine"


def test_a_reply_is_removed_after_asking(ready: CannedReply, lena: User, sign_in: SignIn) -> None:
    browser = sign_in(lena)
    assert_sound(browser.get(f"{HERE}{ready.pk}/remove/"))
    assert CannedReply.objects.exists()
    browser.post(f"{HERE}{ready.pk}/remove/")
    assert not CannedReply.objects.exists()
    assert browser.get(f"{HERE}{ready.pk}/").status_code == 404
    assert browser.get(f"{HERE}{2**70}/").status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"name": "x" * 81, "text": "x"},
        {"name": "ready", "text": "x"},
        {"name": "x", "text": "\x00"},
        {"name": "x", "text": "x" * 10_001},
        {},
    ],
)
def test_odd_input_is_refused_in_words(
    ready: CannedReply, lena: User, sign_in: SignIn, given: dict[str, str]
) -> None:
    page = sign_in(lena).post(f"{HERE}new/", given)
    assert page.status_code == 422
    assert_sound(page)
    assert CannedReply.objects.count() == 1


def test_a_mark_of_reading_that_is_none_is_taken_as_never_read(
    ready: CannedReply, lena: User, sign_in: SignIn
) -> None:
    given = {"name": "Ready", "text": "x", "seen": "yesterday"}
    assert sign_in(lena).post(f"{HERE}{ready.pk}/", given).status_code == 302


# -- Beside the composer -------------------------------------------------------------------------


def test_the_box_offers_the_replies_filled_in_and_begins_with_the_one_of_the_address(
    asked: ServiceRequest, ready: CannedReply, omar: User, sign_in: SignIn
) -> None:
    browser, address = sign_in(omar), asked.get_absolute_url()
    page = browser.get(address)
    assert_sound(page)
    said = f"Hello Dana,\n\n{asked.reference} is **ready**."
    assert f'data-text="{said}"' in page.content.decode()
    assert f">\n{said}</textarea>" not in page.content.decode()
    begun = browser.get(f"{address}?act=resolve&canned={ready.pk}")
    assert f">\n{said}</textarea>" in begun.content.decode()


def test_what_a_reply_promises_is_when_it_will_be_done_not_when_it_is_first_answered(
    asked: ServiceRequest, it: Department, dana: User, omar: User, lena: User, sign_in: SignIn
) -> None:
    fresh = factories.make_service_request(asked.service, by=dana, at=timezone.now())
    canned.keep(it, name="Until", text="Done by {due}.", by=lena, at=MONDAY_10)
    ready = Clock.objects.get(service_request=fresh, metric="resolution").due_at
    assert ready is not None
    assert fresh.due_at is not None
    assert fresh.due_at < ready
    page = sign_in(omar).get(fresh.get_absolute_url()).content.decode()
    assert f"Done by {ready.astimezone(ZoneInfo(dana.zone_name)):%A %-d %B, %H:%M}" in page


@pytest.mark.parametrize("wanted", ["x", "0", "%00", "9" * 40])
def test_a_reply_that_is_not_offered_is_not_begun_with(
    asked: ServiceRequest, ready: CannedReply, omar: User, sign_in: SignIn, wanted: str
) -> None:
    assert sign_in(omar).get(f"{asked.get_absolute_url()}?canned={wanted}").status_code == 200


def test_whoever_asked_is_offered_none(
    asked: ServiceRequest, ready: CannedReply, dana: User, omar: User, sign_in: SignIn
) -> None:
    own = factories.make_service_request(asked.service, by=omar, at=MONDAY_10)
    for person, one in ((dana, asked), (omar, own)):
        page = sign_in(person).get(f"{one.get_absolute_url()}?canned={ready.pk}")
        assert "data-canned" not in page.content.decode()
        assert "**ready**" not in page.content.decode()


def test_what_another_department_says_is_not_offered(
    asked: ServiceRequest, hr: Department, kai: User, omar: User, sign_in: SignIn
) -> None:
    boss = factories.make_agent(kai.memberships.get().team, is_lead=True)
    theirs = canned.keep(hr, name="Theirs", text="zebra", by=boss, at=MONDAY_NOON)
    page = sign_in(omar).get(f"{asked.get_absolute_url()}?canned={theirs.pk}")
    assert "zebra" not in page.content.decode()
    handed = actions.transfer(
        asked, service=factories.make_service(hr, team=boss.memberships.get().team),
        reason="x", by=omar, at=MONDAY_NOON,
    )  # fmt: skip
    assert "zebra" in sign_in(boss).get(handed.get_absolute_url()).content.decode()
    assert "zebra" not in sign_in(omar).get(handed.get_absolute_url()).content.decode()
