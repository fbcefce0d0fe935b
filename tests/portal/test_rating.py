from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from catalogue.models import Service
from feedback import invitations
from feedback.models import Invitation, Rating
from people.models import User
from requests_app import actions
from tests import factories
from tests.beforehand import beforehand
from tests.portal.conftest import SetClock, SignIn
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, hours


@pytest.fixture
@beforehand
def invited(dana: User, omar: User, laptop: Service) -> Invitation:
    """Dana is asked how it was, on Monday at noon."""
    one = factories.make_service_request(laptop, by=dana, at=MONDAY_9, subject="A new laptop")
    actions.resolve(one, message="Done.", by=omar, at=MONDAY_10)
    invitations.advance(MONDAY_NOON)
    return Invitation.objects.get()


@pytest.fixture
def invitation(invited: Invitation, now_is: SetClock) -> Invitation:
    """And it is Monday, noon."""
    now_is(MONDAY_NOON)
    return invited


@pytest.fixture
def link(invitation: Invitation) -> str:
    """The address in the mail."""
    return f"/rate/{invitations.token(invitation)}/"


def test_the_link_shows_the_question_signed_out_with_nothing_chosen(
    link: str, client: Client
) -> None:
    response = client.get(link)
    assert response.status_code == 200
    assert "How satisfied are you with how IT handled this request?" in words(response)
    assert "checked" not in response.content.decode()
    assert_sound(response)


def test_looking_at_the_link_records_nothing(link: str, client: Client) -> None:
    for score in range(1, 6):
        assert (
            f'value="{score}" id="id_score_{score - 1}" checked'
            in client.get(link, {"score": score}).content.decode()
        )
        client.head(link, {"score": score})
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("score", ["0", "6", "x", "\x00", "4.5", "5" * 99])
def test_a_score_that_is_none_is_not_chosen(score: str, link: str, client: Client) -> None:
    response = client.get(link, {"score": score})
    assert response.status_code == 200
    assert "checked" not in response.content.decode()


def test_sending_records_the_answer(link: str, client: Client) -> None:
    response = client.post(link, {"score": "4", "comment": " Quick. "}, follow=True)
    rating = Rating.objects.get()
    assert (rating.score, rating.comment, rating.at) == (4, "Quick.", MONDAY_NOON)
    assert "Thank you. Your answer is with us." in words(response)
    assert "You answered “Satisfied”." in words(response)
    assert_sound(response)


def test_an_answer_can_be_changed_for_twelve_hours(
    link: str, client: Client, now_is: SetClock
) -> None:
    client.post(link, {"score": "4", "comment": "Quick."})
    now_is(MONDAY_NOON + hours(11.9))
    assert "Quick." in client.get(link).content.decode()
    client.post(link, {"score": "2"})
    assert Rating.objects.get().score == 2
    now_is(MONDAY_NOON + hours(12))
    response = client.get(link)
    assert response.status_code == 200
    assert "You said: Dissatisfied." in words(response)
    assert_sound(response)
    assert client.post(link, {"score": "5"}).status_code == 409
    assert Rating.objects.get().score == 2


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"score": ""},
        {"score": "6"},
        {"score": "x"},
        {"score": "3", "comment": "x" * 4001},
        {"score": "3", "comment": "a\x00b"},
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(
    given: dict[str, str], link: str, client: Client
) -> None:
    response = client.post(link, given)
    assert response.status_code == 422
    assert "One thing to put right" in words(response)
    assert_sound(response)
    assert Rating.objects.count() == 0


@pytest.mark.parametrize("altered", ["1", "1:x", "{}x", "x{}", "%00", "é", "a" * 3000])
def test_an_altered_link_leads_to_a_kind_page(
    altered: str, invitation: Invitation, client: Client
) -> None:
    address = f"/rate/{altered.format(invitations.token(invitation))}/"
    for response in (client.get(address), client.post(address, {"score": "5"})):
        assert response.status_code == 404
        assert "This link is not complete" in words(response)
        assert_sound(response)
    assert Rating.objects.count() == 0


def test_a_link_is_good_for_its_own_request_only(invitation: Invitation, client: Client) -> None:
    _pk, signature = invitations.token(invitation).split(":")
    assert client.get(f"/rate/{invitation.pk + 1}:{signature}/").status_code == 404


def test_a_link_is_over_after_two_weeks(link: str, client: Client, now_is: SetClock) -> None:
    now_is(MONDAY_NOON + timedelta(days=14))
    for response in (client.get(link), client.post(link, {"score": "5"})):
        assert response.status_code == 410
        assert "This question is closed Two weeks have passed" in words(response)
        assert_sound(response)
    assert Rating.objects.count() == 0


def test_a_link_is_over_when_the_request_was_reopened(
    link: str, dana: User, invitation: Invitation, client: Client
) -> None:
    actions.reopen(invitation.service_request, message="Not yet.", by=dana, at=MONDAY_NOON)
    for response in (client.get(link), client.post(link, {"score": "5"})):
        assert response.status_code == 410
        assert "This question is closed The request was reopened" in words(response)
        assert_sound(response)
    assert Rating.objects.count() == 0


def test_the_subject_of_a_restricted_request_stays_behind_the_link(
    link: str, client: Client, invitation: Invitation
) -> None:
    assert "A new laptop" in words(client.get(link))
    invitation.service_request.restricted = True
    invitation.service_request.save(update_fields=["restricted"])
    assert "A new laptop" not in words(client.get(link))


def test_rating_works_signed_in_too(link: str, dana: User, signed_in: SignIn) -> None:
    assert signed_in(dana).post(link, {"score": "5"}).status_code == 302
    assert Rating.objects.get().score == 5


def test_a_rating_without_its_token_is_refused(link: str) -> None:
    assert Client(enforce_csrf_checks=True).post(link, {"score": "5"}).status_code == 403


# -- After the one Send --------------------------------------------------------------------------


def test_the_one_send_comes_before_everything_that_is_optional(link: str, client: Client) -> None:
    before = client.get(link, {"score": 2})
    assert "What went wrong?" not in words(before)
    assert "Without my name" in words(before), "a 1 or 2 reaches the lead at once"
    after = client.post(link, {"score": "2"}, follow=True)
    assert "What went wrong?" in words(after)
    assert "It took too long" in words(after)
    assert "It was quick" not in words(after)
    assert "How much working time did the matter cost you?" in words(after)
    assert_sound(after)
    assert "What went well?" in words(client.get(link, {"score": 5})), "as the link chose"


def test_the_optional_part_is_kept_and_shown_again(link: str, client: Client) -> None:
    client.post(link, {"score": "2"})
    given = {
        "score": "2",
        "reasons": ["too_long", "not_solved"],
        "comment": "Three weeks!",
        "lost_time": "day",
        "unnamed": "on",
    }
    page = client.post(link, given, follow=True)
    rating = Rating.objects.get()
    assert {one.reason for one in rating.reasons.all()} == {"too_long", "not_solved"}
    assert (rating.comment, rating.lost_time, rating.is_unnamed) == ("Three weeks!", "day", True)
    form = page.context["form"]
    assert sorted(form["reasons"].value()) == ["not_solved", "too_long"]
    assert form["lost_time"].value() == "day"
    assert form["unnamed"].value() is True
    assert_sound(page)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"reasons": ["too_long", "not_solved", "unfriendly", "in_the_dark"]},
            "Choose up to three reasons",
        ),
        ({"reasons": ["quick"]}, "“It was quick” does not go with “Dissatisfied”."),
        ({"reasons": ["nonsense"]}, "Choose among these reasons."),
        ({"lost_time": "ages"}, "Choose one of the lengths of time."),
    ],
)
@pytest.mark.parametrize("given_before", [False, True])
def test_what_does_not_suit_is_said_beside_its_field_and_the_rest_is_kept(
    wrong: dict[str, object], said: str, given_before: bool, link: str, client: Client
) -> None:
    if given_before:
        client.post(link, {"score": "2"})
    page = client.post(link, {"score": "2", "comment": "Three weeks!", "unnamed": "on"} | wrong)
    assert page.status_code == 422
    assert said in words(page)
    assert "Three weeks!" in page.content.decode()
    assert page.context["form"]["unnamed"].value() is True
    assert_sound(page)
    assert Rating.objects.filter(comment="").count() == given_before


def test_a_better_answer_needs_reasons_of_its_own(link: str, client: Client) -> None:
    client.post(link, {"score": "2"})
    client.post(link, {"score": "2", "reasons": ["too_long"], "comment": "Slow."})
    page = client.post(link, {"score": "5", "reasons": ["too_long"], "comment": "Slow."})
    assert page.status_code == 422
    assert "“It took too long” does not go with “Very satisfied”." in words(page)
    assert "What went well?" in words(page)
    assert "It was quick" in words(page)
    assert "Slow." in page.content.decode()
    assert client.post(link, {"score": "5", "comment": "Slow."}).status_code == 302
    assert not Rating.objects.get().reasons.exists()


def test_a_settled_answer_without_a_name_says_so(
    link: str, client: Client, now_is: SetClock
) -> None:
    client.post(link, {"score": "2", "unnamed": "on"})
    now_is(MONDAY_NOON + hours(12))
    page = client.get(link)
    assert "You said, without your name: Dissatisfied." in words(page)
    assert_sound(page)
