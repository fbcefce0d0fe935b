from __future__ import annotations

import pytest

from catalogue.models import Service
from people.models import User
from requests_app import actions
from requests_app.models import ServiceRequest
from tests import factories
from tests.portal.conftest import SignIn
from tests.portal.reading import Response, assert_sound, queries, words
from tests.times import MONDAY_10

LONG = "A sentence that somebody wrote into the subject because nobody told them to be brief " * 2


def asked(laptop: Service, by: User, number: int, subject: str = "Laptop") -> list[ServiceRequest]:
    return [
        factories.make_service_request(laptop, by=by, subject=f"{subject} {n:02}")
        for n in range(number)
    ]


def test_my_open_requests_are_listed_the_newest_first(
    dana: User, kai: User, laptop: Service, signed_in: SignIn
) -> None:
    first, second, gone = asked(laptop, dana, 3)
    asked(laptop, kai, 1, "Not mine")
    actions.cancel(gone, by=dana, at=MONDAY_10)
    response = signed_in(dana).get("/requests/")
    page = words(response)
    assert page.index(second.subject) < page.index(first.subject)
    assert gone.subject not in page
    assert "Not mine" not in page
    assert_sound(response)


def test_all_my_requests_include_those_that_are_over(
    dana: User, laptop: Service, signed_in: SignIn
) -> None:
    gone = asked(laptop, dana, 1)[0]
    actions.cancel(gone, by=dana, at=MONDAY_10)
    assert f"{gone.subject} IT · Cancelled" in words(signed_in(dana).get("/requests/?show=all"))


def test_what_colleagues_shared_says_whose_it_is(
    dana: User, kai: User, laptop: Service, signed_in: SignIn
) -> None:
    mine, theirs = asked(laptop, dana, 1, "Mine")[0], asked(laptop, kai, 1, "Theirs")[0]
    actions.share(theirs, user=dana, by=kai, at=MONDAY_10)
    response = signed_in(dana).get("/requests/?show=shared")
    page = words(response)
    assert f"{theirs.subject} Kai Santos · IT · Received" in page
    assert mine.subject not in page
    assert_sound(response)


@pytest.mark.parametrize(
    ("show", "said"),
    [
        ("open", "Nothing is under way"),
        ("all", "You have not asked for anything yet"),
        ("shared", "Nobody has shared a request with you"),
        ("nonsense\x00", "Nothing is under way"),
    ],
)
def test_an_empty_list_says_what_will_stand_there(
    show: str, said: str, dana: User, signed_in: SignIn
) -> None:
    response = signed_in(dana).get("/requests/", {"show": show})
    assert said in words(response)
    assert_sound(response)


def test_many_requests_are_paged_both_ways(dana: User, laptop: Service, signed_in: SignIn) -> None:
    everything = asked(laptop, dana, 61)
    client = signed_in(dana)
    first = client.get("/requests/?show=all")
    second = client.get("/requests/" + first.context["list"].page.older)
    back = client.get("/requests/" + second.context["list"].page.newer)

    def shown(response: Response) -> list[str]:
        return [row.service_request.reference for row in response.context["list"].rows.rows]

    assert shown(first) + shown(second) == [one.reference for one in reversed(everything)]
    assert len(shown(first)) == 50
    assert shown(back) == shown(first)
    assert second.context["list"].page.older == ""
    assert "show=all" in first.context["list"].page.older


def test_my_requests_take_the_same_queries_for_one_and_for_fifty(
    dana: User, omar: User, laptop: Service, signed_in: SignIn
) -> None:
    client = signed_in(dana)
    actions.take(asked(laptop, dana, 1, LONG)[0], by=omar, at=MONDAY_10)
    few = queries(client, "/requests/")
    for one in asked(laptop, dana, 49, LONG):
        actions.take(one, by=omar, at=MONDAY_10)
    assert queries(client, "/requests/") == few <= 10
