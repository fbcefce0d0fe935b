"""Every deed by POST: done once; refused with what was typed, and without a trace."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from catalogue.models import Service
from people.models import Department, Team, User
from requests_app import actions
from requests_app.kinds import Via
from requests_app.lifecycle import DEEDS
from requests_app.models import Event, Message, Participant, ServiceRequest
from servicedesk.conversation.deeds import OFFERS, by_hand
from tests import factories
from tests.beforehand import beforehand
from tests.conversation.conftest import SignIn
from tests.portal.reading import assert_sound
from tests.times import MONDAY_10, MONDAY_NOON, hours, minutes

IN_A_DAY = "2026-11-17"
BEFORE: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "release": [("take", "omar", {})],
    "unshare": [("share", "omar", {"user": "kai"})],
    "answer": [("ask", "omar", {"message": "Which?", "look_again_on": MONDAY_NOON.date()})],
    "resume": [("ask", "omar", {"message": "Which?", "look_again_on": MONDAY_NOON.date()})],
    "approve": [("ask_approval", "omar", {"approver": "kai"})],
    "refuse": [("ask_approval", "omar", {"approver": "kai"})],
    "reopen": [("resolve", "omar", {"message": "Done"})],
    "confirm": [("resolve", "omar", {"message": "Done"})],
}
"""What must have happened before a deed is possible."""

DOERS = {
    "answer": "dana", "approve": "kai", "refuse": "kai", "confirm": "dana", "reopen": "dana",
    "cancel": "dana",
}  # fmt: skip

BY_HAND = [name for name in DEEDS if by_hand(name)]
WRITTEN = [
    name for name in BY_HAND if {"message", "reason"} & {str(need) for need in DEEDS[name].needs}
]


@pytest.fixture
@beforehand
def laptop(it: Department, it_team: Team) -> Service:
    """One of its questions is the provider's."""
    asset = {"key": "asset", "kind": "short_text", "label": "Asset", "provider_only": True}
    return factories.make_service(
        it, team=it_team, name="New laptop", fields=[factories.DETAILS, asset]
    )


@pytest.fixture
@beforehand
def elsewhere(hr: Department) -> Service:
    """A service that it may be handed on to."""
    return factories.make_service(hr, name="Onboarding")


@pytest.fixture
def cast(dana: User, omar: User, lena: User, kai: User) -> dict[str, User]:
    """By their names."""
    return {"dana": dana, "omar": omar, "lena": lena, "kai": kai}


@pytest.fixture
def ready(
    asked: ServiceRequest, cast: dict[str, User], elsewhere: Service
) -> Callable[[str], ServiceRequest]:
    """Bring the request to where the deed is possible."""

    def make(name: str) -> ServiceRequest:
        for step, who, named in BEFORE.get(name, []):
            given = {key: cast.get(str(value), value) for key, value in named.items()}
            at = MONDAY_10 + minutes(5)
            actions.perform(asked, step, by=cast[who], at=at, via=Via.PAGE, **given)
        asked.refresh_from_db()
        return asked

    return make


@pytest.fixture
def good(cast: dict[str, User], elsewhere: Service) -> Callable[[str], dict[str, Any]]:
    """What a deed is given when all is well."""

    def make(name: str) -> dict[str, Any]:
        given: dict[str, Any] = {"key": str(uuid.uuid4())}
        needs = {str(need) for need in DEEDS[name].needs}
        if needs & {"message", "reason"}:
            given["message"] = f"Some **words** on {name}."
        if "look_again" in needs:
            given["look_again_on"] = IN_A_DAY
        if "third_party" in needs:
            given["third_party"] = "Northgate Repairs"
        if "approver" in needs:
            given["approver"] = cast["kai"].email
        if "assignee" in needs:
            given["assignee"] = cast["lena"].pk
        if "service" in needs:
            given["service"] = elsewhere.pk
        if name == "prioritise":
            given |= {"impact": "team", "urgency": "now"}
        if name == "share":
            given["user"] = cast["kai"].email
        if name == "unshare":
            given["user"] = cast["kai"].pk
        if name == "annotate":
            given["own_asset"] = "A-4711"
        return given

    return make


def _url(request: ServiceRequest, name: str) -> str:
    return reverse("conversation:deed", args=[request.reference, name])


def _trace(request: ServiceRequest) -> tuple[Any, ...]:
    """All that a deed could leave."""
    row = ServiceRequest.objects.filter(pk=request.pk).values().get()
    counts = [
        model.objects.filter(service_request=request).count()
        for model in (Event, Message, Participant)
    ]
    return row, counts


def _do(
    sign_in: SignIn,
    cast: dict[str, User],
    request: ServiceRequest,
    name: str,
    given: dict[str, Any],
) -> HttpResponse:
    browser = sign_in(cast[DOERS.get(name, "omar")])
    return browser.post(_url(request, name), given)  # type: ignore[return-value]


@pytest.mark.parametrize("name", BY_HAND)
def test_every_deed_is_done_by_its_address(
    name: str, ready: Any, good: Any, cast: dict[str, User], sign_in: SignIn
) -> None:
    request = ready(name)
    before = request.events.count()
    response = _do(sign_in, cast, request, name, good(name))
    assert response.status_code == 302, response.content.decode()[:2000]
    assert DEEDS[name].event in request.events.values_list("kind", flat=True)
    assert request.events.count() > before


@pytest.mark.parametrize("name", BY_HAND)
def test_every_deed_has_a_form_at_its_address_that_works_without_script(
    name: str, ready: Any, cast: dict[str, User], sign_in: SignIn
) -> None:
    request = ready(name)
    response = sign_in(cast[DOERS.get(name, "omar")]).get(_url(request, name))
    assert response.status_code == 200
    assert_sound(response)
    assert str(OFFERS[name].send) in response.content.decode()


@pytest.mark.parametrize("name", BY_HAND)
def test_a_double_click_does_it_once(
    name: str, ready: Any, good: Any, cast: dict[str, User], sign_in: SignIn
) -> None:
    request, given = ready(name), good(name)
    _do(sign_in, cast, request, name, given)
    after = _trace(request)
    _do(sign_in, cast, request, name, given)
    assert _trace(request) == after


def test_words_typed_anew_on_the_same_page_are_not_taken_for_a_double_click(
    asked: ServiceRequest, dana: User, sign_in: SignIn
) -> None:
    key, browser = str(uuid.uuid4()), sign_in(dana)
    for words in ("First", "Second", "Second"):
        browser.post(_url(asked, "reply"), {"message": words, "key": key})
    assert list(asked.messages.values_list("text", flat=True)) == ["First", "Second"]


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize(
    "words", ["", "  \n ", "x" * 20_001, "a\x00b"], ids=["empty", "blank", "too long", "NUL"]
)
def test_words_that_will_not_do_are_refused_and_leave_no_trace(
    name: str, words: str, ready: Any, good: Any, cast: dict[str, User], sign_in: SignIn
) -> None:
    request = ready(name)
    before = _trace(request)
    response = _do(sign_in, cast, request, name, good(name) | {"message": words})
    assert response.status_code == 422
    assert _trace(request) == before


BAD = [
    ("ask", "look_again_on", ""), ("ask", "look_again_on", "soon"),
    ("ask", "look_again_on", "2026-11-15"), ("ask", "look_again_on", "2028-01-01"),
    ("hold", "look_again_on", "2026-02-30"), ("hold", "third_party", ""),
    ("hold", "third_party", "x" * 81), ("hold", "third_party", "a\x00b"),
    ("ask_approval", "approver", ""), ("ask_approval", "approver", "nobody@desk.example"),
    ("ask_approval", "approver", "not an address"),
    ("ask_approval", "approver", "dana@desk.example"),
    ("ask_approval", "approver", "a\x00@desk.example"),
    ("assign", "assignee", ""), ("assign", "assignee", "999999"), ("assign", "assignee", "x"),
    ("assign", "assignee", "9" * 30), ("assign", "assignee", "\x00"),
    ("transfer", "service", ""), ("transfer", "service", "999999"), ("transfer", "service", "'"),
    ("transfer", "service", "9" * 30),
    ("prioritise", "impact", "everyone"), ("prioritise", "impact", ""),
    ("prioritise", "impact", "me"),
    ("share", "user", ""), ("share", "user", "nobody@desk.example"),
    ("share", "user", "dana@desk.example"),
    ("reply", "key", "not a uuid"), ("note", "key", "x" * 500),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field", "value"), BAD)
def test_bad_input_is_refused_and_leaves_no_trace(
    name: str,
    field: str,
    value: str,
    ready: Any,
    good: Any,
    cast: dict[str, User],
    sign_in: SignIn,
) -> None:
    request = ready(name)
    before = _trace(request)
    response = _do(sign_in, cast, request, name, good(name) | {field: value})
    assert response.status_code == 422
    assert _trace(request) == before


def test_only_an_agent_of_the_department_is_assigned(
    asked: ServiceRequest, omar: User, kai: User, sign_in: SignIn
) -> None:
    response = sign_in(omar).post(_url(asked, "assign"), {"assignee": kai.pk})
    assert response.status_code == 422


def test_a_service_that_is_no_longer_offered_takes_no_transfer(
    asked: ServiceRequest, omar: User, hr: Any, sign_in: SignIn
) -> None:
    retired = factories.make_service(hr, life="retired")
    response = sign_in(omar).post(_url(asked, "transfer"), {"service": retired.pk, "message": "x"})
    assert response.status_code == 422


def test_an_agent_who_forges_the_urgency_changes_only_the_impact(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    given = {"impact": "team", "urgency": "planned", "message": "Two of them"}
    sign_in(omar).post(_url(asked, "prioritise"), given)
    asked.refresh_from_db()
    assert (asked.impact, asked.urgency) == ("team", "now")
    sign_in(lena).post(_url(asked, "prioritise"), given)
    asked.refresh_from_db()
    assert asked.urgency == "planned"


def test_a_refused_composer_keeps_what_was_typed_beside_what_is_wrong(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    given = {
        "act": "hold",
        "message": "The vendor comes.",
        "third_party": "",
        "look_again_on": IN_A_DAY,
    }
    response = sign_in(omar).post(reverse("conversation:do", args=[asked.reference]), given)
    page = response.content.decode()
    assert response.status_code == 422
    assert "The vendor comes." in page
    assert "Say whom you wait for." in page
    assert 'value="hold" checked' in page
    assert_sound(response)


def test_the_composer_does_what_its_tab_says(
    asked: ServiceRequest, omar: User, sign_in: SignIn
) -> None:
    address = reverse("conversation:do", args=[asked.reference])
    response = sign_in(omar).post(address, {"act": "note", "message": "Only for us"})
    assert response.status_code == 302
    assert asked.messages.get().is_public is False


@pytest.mark.parametrize("act", ["", "close", "submit", "../x", "a\x00"])
def test_a_tab_that_does_not_exist_meets_404(
    asked: ServiceRequest, omar: User, sign_in: SignIn, act: str
) -> None:
    address = reverse("conversation:do", args=[asked.reference])
    assert sign_in(omar).post(address, {"act": act, "message": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["close", "burn", "submit"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_deed_that_is_nobodys_meets_404(
    asked: ServiceRequest, omar: User, sign_in: SignIn, name: str, method: str
) -> None:
    address = f"/requests/{asked.reference}/do/{name}/"
    assert getattr(sign_in(omar), method)(address).status_code == 404


def test_to_a_stranger_every_deed_is_404(
    asked: ServiceRequest, good: Any, hr: Any, sign_in: SignIn
) -> None:
    before = _trace(asked)
    stranger = sign_in(factories.make_agent(factories.make_team(hr)))
    for name in BY_HAND:
        assert stranger.get(_url(asked, name)).status_code == 404
        assert stranger.post(_url(asked, name), good(name)).status_code == 404
    assert _trace(asked) == before


@pytest.mark.parametrize("name", BY_HAND)
def test_a_deed_that_is_someone_elses_is_403(
    name: str, ready: Any, good: Any, cast: dict[str, User], sign_in: SignIn
) -> None:
    request = ready(name)
    other = {"requester": cast["dana"], "agent": cast["omar"]}
    wrong = [
        person for role, person in other.items() if role not in {str(r) for r in DEEDS[name].who}
    ]
    before = _trace(request)
    for person in wrong:
        assert sign_in(person).get(_url(request, name)).status_code == 403
        assert sign_in(person).post(_url(request, name), good(name)).status_code == 403
    assert _trace(request) == before


@pytest.mark.parametrize("name", [name for name in BY_HAND if name != "note"])
def test_a_deed_that_came_too_late_is_409_and_keeps_what_was_typed(
    name: str, ready: Any, good: Any, cast: dict[str, User], sign_in: SignIn
) -> None:
    request, given = ready(name), good(name)
    if name in ("approve", "refuse"):
        # whoever has decided still sees it only where it was shared
        actions.share(request, user=cast["kai"], by=cast["dana"], at=MONDAY_10 + hours(1))
    _end(request, cast)
    before = _trace(request)
    response = _do(sign_in, cast, request, name, given)
    # an approver whose word is no longer asked for may not decide at all
    assert response.status_code == (403 if name in ("approve", "refuse") else 409)
    assert _trace(request) == before
    if response.status_code == 409 and "message" in given:
        assert given["message"] in response.content.decode()


def _end(request: ServiceRequest, cast: dict[str, User]) -> None:
    """Someone else was quicker: nothing can happen to it any more."""
    at = MONDAY_10 + hours(1)
    request.refresh_from_db()
    if request.status == "awaiting_approval":
        request = actions.decide(request, approved=True, by=cast["kai"], at=at)
    if request.status != "resolved":
        request = actions.resolve(request, message="Done already", by=cast["lena"], at=at)
    actions.confirm(request, by=cast["dana"], at=at)


def test_the_page_of_a_late_deed_says_who_was_quicker(
    asked: ServiceRequest, omar: User, lena: User, sign_in: SignIn
) -> None:
    actions.take(asked, by=lena, at=MONDAY_10 + hours(1))
    response = sign_in(omar).post(_url(asked, "take"), {})
    assert response.status_code == 409
    assert "Lena Nowak took it" in response.content.decode()
    assert_sound(response)


def test_who_loses_sight_of_it_by_the_deed_lands_on_their_own_page(
    asked: ServiceRequest, omar: User, hr: Any, kai: User, sign_in: SignIn
) -> None:
    actions.ask_approval(asked, approver=kai, by=omar, at=MONDAY_10 + hours(1))
    response = sign_in(kai).post(_url(asked, "approve"), {})
    assert response.status_code == 302
    assert response["Location"] == reverse("portal:landing")


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [("/queue/it/open/", True), ("https://evil.example/", False), ("//evil.example", False)],
)
def test_one_returns_only_to_pages_of_the_desk(
    asked: ServiceRequest, omar: User, sign_in: SignIn, wanted: str, lands: bool
) -> None:
    response = sign_in(omar).post(_url(asked, "take"), {"next": wanted})
    assert (response["Location"] == wanted) is lands


def test_a_deed_needs_the_token_of_the_page(asked: ServiceRequest, omar: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(omar, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(_url(asked, "take"), {}).status_code == 403


@pytest.mark.parametrize("who", ["dana", "omar"])
def test_the_page_is_soundly_built(
    asked: ServiceRequest, cast: dict[str, User], sign_in: SignIn, who: str
) -> None:
    actions.reply(asked, message="# Heading\n\n- one", by=cast["omar"], at=MONDAY_10 + minutes(5))
    assert_sound(sign_in(cast[who]).get(asked.get_absolute_url()))


def test_loading_the_page_of_a_refused_composer_anew_leads_to_the_request(
    asked: ServiceRequest, omar: User, hr: Any, sign_in: SignIn
) -> None:
    address = reverse("conversation:do", args=[asked.reference])
    assert sign_in(omar).get(address)["Location"] == asked.get_absolute_url()
    stranger = factories.make_agent(factories.make_team(hr))
    assert sign_in(stranger).get(address).status_code == 404


@pytest.mark.parametrize("where", ["do/transfer/", "do/"])
def test_a_refused_transfer_keeps_what_was_typed(
    asked: ServiceRequest, omar: User, sign_in: SignIn, where: str
) -> None:
    theirs = factories.make_service(asked.provider_department, name="A screen")
    address = f"{asked.get_absolute_url()}{where}"
    browser = sign_in(omar)
    page = browser.post(address, {"act": "transfer", "service": theirs.pk, "message": " "})
    assert page.status_code == 422
    shown = page.content.decode()
    assert f'<option value="{theirs.pk}" selected>' in shown
    assert f'<option value="{asked.service_id}"' not in shown
    page = browser.post(address, {"act": "transfer", "service": "", "message": "Not ours"})
    assert page.status_code == 422
    assert "Not ours</textarea>" in page.content.decode()
