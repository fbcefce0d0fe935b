"""Views that people keep: found in the side bar, readable, never broken by what is gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Life, Service
from people.models import Department, Membership, User
from requests_app import saved_views
from requests_app.models import SavedView, ServiceRequest
from tests import factories
from tests.desk.conftest import SignIn
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_10


def _keep(it: Department, by: User, query: str = "", **given: Any) -> SavedView:
    whole: dict[str, Any] = {"name": "Laptops", "view": "open", "is_shared": False} | given
    return saved_views.keep(it, query=query, by=by, at=MONDAY_10, **whole)


def _side(page: Any) -> dict[str, Any]:
    return {link.label: link.count for section in page.context["side"] for link in section.links}


def test_a_view_is_kept_under_a_name_and_counted_beside_the_others(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    plain = browser.get("/queue/it/open/?service=new-laptop&priority=P4")
    assert "Keep this view" in words(plain)
    form = browser.get(plain.context["keep"])
    assert_sound(form)
    assert "All open: New laptop, priority P4" in words(form)
    kept = browser.post(plain.context["keep"], {"name": "Calm laptops"}, follow=True)
    assert_sound(kept)
    assert "Calm laptops" in words(kept)
    assert _side(kept)["Calm laptops"] == str(kept.context["count"])
    assert SavedView.objects.get().query == "service=new-laptop&priority=P4"


def test_the_words_of_a_kept_view_lead_to_the_view_that_it_narrows(
    it: Department, asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    kept = _keep(it, omar, "service=new-laptop&order=newest", view="unassigned")
    page = sign_in(omar).get(f"/queue/it/saved/{kept.pk}/")
    assert page.context["count"] == 1
    assert 'href="/queue/it/unassigned/?service=new-laptop&amp;priority=P1&amp;order=newest"' in (
        page.content.decode()
    )


def test_a_shared_view_is_everybodys_and_says_whose(
    it: Department, asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    kept = _keep(it, lena, "who=nobody", name="Triage", is_shared=True)
    page = sign_in(omar).get(f"/queue/it/saved/{kept.pk}/")
    assert "Kept by Lena Nowak for everyone who works here." in words(page)
    assert _side(page)["Triage"] == "1"
    refused = sign_in(omar).get(f"/queue/it/saved/{kept.pk}/change/")
    assert refused.status_code == 403


def test_ones_own_view_is_nobody_elses(
    it: Department, omar: User, lena: User, kai: User, sign_in: SignIn
) -> None:
    kept = _keep(it, lena)
    for person in (omar, kai):
        assert sign_in(person).get(f"/queue/it/saved/{kept.pk}/").status_code == 404
    assert sign_in(omar).get(f"/queue/it/saved/{2**70}/").status_code == 404


def test_a_view_is_renamed_shared_and_removed(it: Department, omar: User, sign_in: SignIn) -> None:
    kept, browser = _keep(it, omar), sign_in(omar)
    address = f"/queue/it/saved/{kept.pk}/change/"
    assert_sound(browser.get(address))
    refused = browser.post(address, {"name": ""})
    assert refused.status_code == 422
    assert_sound(refused)
    browser.post(address, {"name": "Machines", "is_shared": "on"})
    kept.refresh_from_db()
    assert (kept.name, kept.is_shared) == ("Machines", True)
    asks = browser.get(f"/queue/it/saved/{kept.pk}/remove/")
    assert "Remove “Machines”?" in words(asks)
    browser.post(f"/queue/it/saved/{kept.pk}/remove/")
    assert not SavedView.objects.exists()


def test_a_name_that_is_there_already_is_refused_and_what_was_typed_stays(
    it: Department, omar: User, sign_in: SignIn
) -> None:
    _keep(it, omar)
    page = sign_in(omar).post("/queue/it/saved/new/?priority=P1", {"name": "laptops"})
    assert page.status_code == 422
    assert 'value="laptops"' in page.content.decode()
    assert "There is a view of this name already." in words(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("service=gone", "The service that it was narrowed to is gone."),
        ("client=gone", "The department that it was narrowed to is gone."),
        ("who=999999", "The colleague it was narrowed to no longer works here."),
        ("status=%00", "Its filter can no longer be read."),
        ("status=odd&order=x", "Its filter can no longer be read."),
    ],
)
def test_what_a_kept_view_named_and_is_gone_is_left_out_and_said(
    it: Department, asked: ServiceRequest, omar: User, sign_in: SignIn, query: str, said: str
) -> None:
    kept = _keep(it, omar, f"{query}&priority=P4" if "odd" not in query else query)
    page = sign_in(omar).get(f"/queue/it/saved/{kept.pk}/")
    assert page.status_code == 200
    assert_sound(page)
    assert said in words(page)
    assert "It is left out" in words(page)


def test_a_service_that_retired_still_narrows_and_a_colleague_who_left_does_not(
    it: Department, it_team: Any, laptop: Service, asked: ServiceRequest, omar: User, lena: User,
    sign_in: SignIn,
) -> None:  # fmt: skip
    Service.objects.filter(pk=laptop.pk).update(life=Life.RETIRED)
    Membership.objects.filter(user=lena).delete()
    one = _keep(it, omar, "service=new-laptop")
    two = _keep(it, omar, f"who={lena.pk}", name="Lena's")
    browser = sign_in(omar)
    assert not browser.get(f"/queue/it/saved/{one.pk}/").context["gone"]
    assert browser.get(f"/queue/it/saved/{two.pk}/").context["gone"]


def test_a_view_that_is_no_longer_offered_shows_all_that_is_open(
    it: Department, asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    kept = _keep(it, omar, view="yesterday")
    assert sign_in(omar).get(f"/queue/it/saved/{kept.pk}/").context["count"] == 1


@pytest.mark.parametrize("query", ["view=odd", "status=odd", "service=none", "who=%00"])
def test_what_makes_no_sense_cannot_be_kept(
    laptop: Service, omar: User, sign_in: SignIn, query: str
) -> None:
    assert sign_in(omar).get(f"/queue/it/saved/new/?{query}").status_code == 404


def test_twenty_kept_views_cost_as_many_queries_as_one(
    it: Department, asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    _keep(it, omar, "who=me", name="First")
    browser.get("/queue/it/open/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/queue/it/open/")
    for n in range(9):
        _keep(it, omar, "service=new-laptop", name=f"Own {n}")
        _keep(it, lena, "status=new", name=f"Shared {n}", is_shared=True)
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/queue/it/open/")
    assert len(_side(page)) >= 19 + 7
    assert len(few) == len(many)


def test_a_kept_view_is_paged_by_key_under_its_own_address(
    it: Department, asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    kept = _keep(it, omar, "order=newest")
    browser = sign_in(omar)
    for _n in range(3):
        factories.make_service_request(asked.service, by=asked.requester, at=MONDAY_10)
    page = browser.get(f"/queue/it/saved/{kept.pk}/?after={asked.pk + 2}")
    assert len(page.context["groups"][0].rows) == 2
    assert page.context["newer"] == f"/queue/it/saved/{kept.pk}/"
    assert browser.get(f"/queue/it/saved/{kept.pk}/?after=x").status_code == 404


def test_the_filter_narrows_by_status_priority_and_when_it_was_asked(
    asked: ServiceRequest, dana: User, omar: User, sign_in: SignIn
) -> None:
    ServiceRequest.objects.filter(pk=asked.pk).update(
        submitted_at=MONDAY_10.replace(month=9), status="in_progress", priority="P2"
    )
    fresh = factories.make_service_request(asked.service, by=dana, at=MONDAY_10)
    browser = sign_in(omar)

    def found(query: str) -> set[int]:
        page = browser.get(f"/queue/it/open/?{query}")
        return {row.service_request.pk for group in page.context["groups"] for row in group.rows}

    assert found("status=in_progress") == found("priority=P2") == found("asked=older") == {asked.pk}
    assert found("asked=today") == found("asked=week") == found("asked=month") == {fresh.pk}
    said = browser.get("/queue/it/open/?status=new&asked=week").context["sentence"]
    assert said["status"].words == "status “New”"
    assert said["priority"].words == "any priority"
    assert said["asked"].words == "in the last 7 days"
