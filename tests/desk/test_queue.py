"""The queue: what breaches next on top, a page at a time, as cheap full as empty."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Service
from people.models import Membership, User
from requests_app import actions
from requests_app.models import ServiceRequest
from servicedesk.desk.lists import VIEWS, capped_counts
from slas.models import Clock
from tests import factories
from tests.desk.conftest import SignIn
from tests.portal.reading import assert_sound, words
from tests.times import MONDAY_9, MONDAY_10, MONDAY_NOON, hours, minutes

LONG = "A subject that goes on and on because nobody stopped whoever was writing it " * 3


def _ask(service: Service, dana: User, at: Any = MONDAY_10, **given: Any) -> ServiceRequest:
    return factories.make_service_request(service, by=dana, at=at, **given)


def _references(page: Any) -> list[str]:
    return [row.service_request.reference for group in page.context["groups"] for row in group.rows]


def test_the_queue_opens_in_the_first_department_one_works_in(
    laptop: Service, omar: User, sign_in: SignIn
) -> None:
    response = sign_in(omar).get("/queue/")
    assert response["Location"] == "/queue/it/open/"


def test_the_address_of_a_queue_alone_leads_to_what_is_open(
    laptop: Service, omar: User, kai: User, sign_in: SignIn
) -> None:
    assert sign_in(omar).get("/queue/it/")["Location"] == "/queue/it/open/"
    assert sign_in(kai).get("/queue/it/").status_code == 404
    assert sign_in(omar).get("/queue/hr/").status_code == 404


def test_who_works_nowhere_has_no_queue(dana: User, laptop: Service, sign_in: SignIn) -> None:
    browser = sign_in(dana)
    assert browser.get("/queue/").status_code == 404
    assert browser.get("/queue/it/open/").status_code == 404
    assert browser.get("/queue/it/open/changes/?since=1").status_code == 404
    assert browser.post("/queue/it/do/", {"act": "take"}).status_code == 404


def test_another_departments_queue_is_404(laptop: Service, kai: User, sign_in: SignIn) -> None:
    for name in VIEWS:
        assert sign_in(kai).get(f"/queue/it/{name}/").status_code == 404


def test_what_breaches_next_stands_on_top(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    calm = _ask(laptop, dana, urgency="planned")
    pressing = _ask(laptop, dana, impact="wide")
    page = sign_in(omar).get("/queue/it/open/")
    assert _references(page) == [pressing.reference, calm.reference]
    assert_sound(page)


def test_the_rows_are_grouped_by_when(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    _ask(laptop, dana, at=MONDAY_9, impact="wide")  # P1: first answer by 9:30
    _ask(laptop, dana)  # P3: first answer within 4 h, today
    _ask(laptop, dana, urgency="planned")  # P4: tomorrow
    waiting = _ask(laptop, dana)
    actions.ask(waiting, message="?", look_again_on=MONDAY_9.date(), by=omar, at=MONDAY_10)
    done = _ask(laptop, dana)
    actions.resolve(done, message="Done", by=omar, at=MONDAY_10)
    page = sign_in(omar).get("/queue/it/open/")
    assert [(group.title, group.count) for group in page.context["groups"]] == [
        ("Late", 1),
        ("Due today", 1),
        ("Tomorrow and later", 1),
        ("Standing still", 1),
        ("Done, to be confirmed", 1),
    ]


def test_each_view_holds_what_its_name_says(
    laptop: Service, dana: User, omar: User, lena: User, kai: User, sign_in: SignIn
) -> None:
    late = _ask(laptop, dana, at=MONDAY_9, impact="wide")
    mine = _ask(laptop, dana)
    actions.take(mine, by=omar, at=MONDAY_10)
    asked, held, approval = (_ask(laptop, dana) for _n in range(3))
    soon = MONDAY_NOON.date()
    actions.ask(asked, message="?", look_again_on=soon, by=lena, at=MONDAY_10)
    actions.hold(held, message="x", third_party="Acme", look_again_on=soon, by=lena, at=MONDAY_10)
    actions.ask_approval(approval, approver=kai, by=lena, at=MONDAY_10)
    closed = _ask(laptop, dana)
    actions.cancel(closed, by=dana, at=MONDAY_10)
    browser = sign_in(omar)

    def shown(name: str) -> set[str]:
        return set(_references(browser.get(f"/queue/it/{name}/")))

    assert shown("open") == {one.reference for one in (late, mine, asked, held, approval)}
    assert shown("at-risk") == {late.reference}
    assert shown("mine") == {mine.reference}
    assert shown("unassigned") == {late.reference, approval.reference}
    assert shown("waiting") == {one.reference for one in (asked, held, approval)}
    assert shown("waiting-requester") == {asked.reference}
    assert shown("waiting-third-party") == {held.reference}
    assert shown("waiting-approval") == {approval.reference}


def test_the_side_bar_counts_what_the_views_hold(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    for _n in range(3):
        _ask(laptop, dana)
    page = sign_in(omar).get("/queue/it/open/")
    counts = {link.label: link.count for section in page.context["side"] for link in section.links}
    assert counts["All open"] == "3"
    assert counts["Unassigned"] == "3"
    assert counts["Mine"] == "0"
    assert page.context["count"] == 3


def test_counts_stop_at_99(laptop: Service, dana: User, omar: User, sign_in: SignIn) -> None:
    one = _ask(laptop, dana)
    ServiceRequest.objects.bulk_create(_copies(one, 120))
    page = sign_in(omar).get("/queue/it/open/")
    assert "99+ requests to IT" in words(page)
    assert capped_counts({"all": ServiceRequest.objects.all()}) == {"all": 100}


def _copies(one: ServiceRequest, count: int) -> list[ServiceRequest]:
    copies = []
    fresh = ServiceRequest.objects.get(pk=one.pk)
    for n in range(count):
        copy = deepcopy(fresh)
        copy.pk = None
        copy._state.adding = True
        copy.key = factories.uuid.uuid4()
        copy.reference = f"IT-{100000 + n}"
        copy.subject = LONG[:190]
        copy.queue_at = one.queue_at + timedelta(seconds=n // 3)  # several at the same moment
        copies.append(copy)
    return copies


@pytest.mark.parametrize("order", ["due", "newest"])
def test_paging_by_key_shows_each_row_once(
    laptop: Service, dana: User, omar: User, sign_in: SignIn, order: str
) -> None:
    one = _ask(laptop, dana)
    ServiceRequest.objects.bulk_create(_copies(one, 120))
    browser, seen = sign_in(omar), []
    address = f"/queue/it/open/?order={order}"
    while address:
        page = browser.get(address)
        seen += _references(page)
        address = page.context["older"]
    assert len(seen) == len(set(seen)) == 121


def test_a_row_that_arrives_between_two_pages_shifts_nothing(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    one = _ask(laptop, dana)
    ServiceRequest.objects.bulk_create(_copies(one, 60))
    browser = sign_in(omar)
    first = browser.get("/queue/it/open/")
    _ask(laptop, dana, at=MONDAY_9, impact="wide")  # goes on top
    second = browser.get(first.context["older"])
    assert not set(_references(first)) & set(_references(second))
    assert len(_references(first) + _references(second)) == 61


@pytest.mark.parametrize(
    "query",
    [
        "after=x", "after=1", "after=1.x", "after=99999999999999999999.1",
        "after=999999999999999999.1", "after=1.%00", "client=nobody", "service=none",
        "who=999999", "who='", "order=random", "client=%00", "order=newest&after=1.2",
        "status=closed", "status=%00", "priority=P9", "asked=never", f"service={'x' * 70}",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_404(
    laptop: Service, omar: User, sign_in: SignIn, query: str
) -> None:
    assert sign_in(omar).get(f"/queue/it/open/?{query}").status_code == 404


def test_the_filter_narrows_and_reads_as_a_sentence(
    laptop: Service, it: Any, it_team: Any, dana: User, omar: User, hr: Any, sign_in: SignIn
) -> None:
    repair = factories.make_service(it, team=it_team, name="Repair", slug="repair")
    ours = _ask(laptop, dana)
    other = _ask(repair, factories.make_person(department=hr))
    browser = sign_in(omar)
    page = browser.get("/queue/it/open/?client=finance&service=new-laptop&who=nobody")
    assert _references(page) == [ours.reference]
    assert "1 request to IT from Finance" in words(page)
    assert _references(browser.get("/queue/it/open/?service=repair")) == [other.reference]
    assert _references(browser.get("/queue/it/open/?who=me")) == []
    assert _references(browser.get(f"/queue/it/open/?who={omar.pk}")) == []


def test_restricted_requests_are_the_teams_and_the_list_says_how_many_are_hidden(
    it: Any, laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    team = factories.make_team(it, name="Inquiry")
    inside = factories.make_agent(team, "Nia Walsh")
    secret = _ask(factories.make_service(it, team=team, restricted=True), dana)
    outside, within = sign_in(omar).get("/queue/it/open/"), sign_in(inside).get("/queue/it/open/")
    assert _references(outside) == []
    assert "1 restricted, not shown" in words(outside)
    assert _references(within) == [secret.reference]
    assert "restricted, not shown" not in words(within)
    assert "restricted" not in words(sign_in(omar).get("/queue/it/open/?client=finance"))


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_view_costs_as_many_queries_with_one_row_as_with_fifty(
    laptop: Service, dana: User, omar: User, lena: User, sign_in: SignIn, name: str
) -> None:
    browser, address = sign_in(omar), f"/queue/it/{name}/"
    one = _one_in(name, laptop, dana, omar)
    few = _queries(browser, address)
    _copy_with_clocks(one, 49)
    many = _queries(browser, address)
    assert len(_references(browser.get(address))) == 50
    assert few == many
    assert many <= 20


def _one_in(name: str, laptop: Service, dana: User, omar: User) -> ServiceRequest:
    request = _ask(laptop, dana, at=MONDAY_9, impact="wide", subject=LONG)
    at, soon = MONDAY_9 + minutes(1), MONDAY_NOON.date()
    if name == "mine":
        actions.take(request, by=omar, at=at)
    elif name in ("waiting", "waiting-requester"):
        actions.ask(request, message="?", look_again_on=soon, by=omar, at=at)
    elif name == "waiting-third-party":
        actions.hold(request, message="x", third_party="Acme", look_again_on=soon, by=omar, at=at)
    elif name == "waiting-approval":
        lena = User.objects.get(name="Lena Nowak")
        actions.ask_approval(request, approver=lena, by=omar, at=at)
    return request


def _copy_with_clocks(one: ServiceRequest, count: int) -> list[ServiceRequest]:
    """Many like it, each with its promises."""
    made = ServiceRequest.objects.bulk_create(_copies(one, count))
    clocks = list(Clock.objects.filter(service_request=one))
    Clock.objects.bulk_create(_like(clock, copy) for copy in made for clock in clocks)
    return made


def _like(clock: Clock, request: ServiceRequest) -> Clock:
    copy = deepcopy(clock)
    copy.pk, copy.service_request_id = None, request.pk
    copy._state.adding = True
    return copy


def _queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as caught:
        page = browser.get(address)
    assert page.context["groups"]
    return len(caught)


# -- What changed elsewhere ----------------------------------------------------------------------


def _asked_by_browser(page: Any) -> str:
    """The address that the page asks every few seconds."""
    rows = re.findall(r'data-reference="([^"]+)" data-mark="([^"]+)"', page.content.decode())
    return f"{page.context['changes']}&rows={','.join('.'.join(pair) for pair in rows)}"


def _lines(answer: Any) -> dict[str, str]:
    """The rows that were sent again, by reference: each as it stands in the page."""
    said = answer.content.decode()
    return {one[0]: one[1] for one in re.findall(r'data-reference="([^"]+)"(.*?)</tr>', said, re.S)}


def test_what_came_is_counted_and_nothing_is_said_when_nothing_did(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    _ask(laptop, dana)
    browser = sign_in(omar)
    address = _asked_by_browser(browser.get("/queue/it/open/"))
    assert "new" not in words(browser.get(address))
    _ask(laptop, dana, at=MONDAY_NOON + minutes(1))
    _ask(laptop, dana, at=MONDAY_NOON + minutes(2))
    answer = browser.get(address)
    assert "2 new" in words(answer)
    assert _lines(answer) == {}


def test_only_what_the_filter_shows_is_new(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    address = _asked_by_browser(browser.get("/queue/it/open/?priority=P1"))
    _ask(laptop, dana, at=MONDAY_NOON + minutes(1))
    assert "new" not in words(browser.get(address))
    _ask(laptop, dana, at=MONDAY_NOON + minutes(2), urgency="now", impact="wide")
    answer = browser.get(address)
    assert "1 new" in words(answer)
    assert 'href="/queue/it/open/?priority=P1"' in answer.content.decode()


def test_what_another_department_handed_over_is_news(
    laptop: Service, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    browser = sign_in(omar)
    address = _asked_by_browser(browser.get("/queue/it/open/"))
    theirs = _ask(factories.make_service(kai.department, team=kai.memberships.get().team), dana)
    actions.transfer(theirs, service=laptop, reason="x", by=kai, at=MONDAY_NOON + minutes(1))
    assert "1 new" in words(browser.get(address))


def test_a_row_that_changed_is_sent_again_and_the_others_are_not(
    laptop: Service, dana: User, omar: User, lena: User, sign_in: SignIn
) -> None:
    one, _other = _ask(laptop, dana), _ask(laptop, dana)
    browser = sign_in(omar)
    address = _asked_by_browser(browser.get("/queue/it/open/"))
    actions.take(one, by=lena, at=MONDAY_NOON)
    sent = _lines(browser.get(address))
    assert list(sent) == [one.reference]
    assert "Lena Nowak" in sent[one.reference]
    assert "data-away" not in sent[one.reference]


@pytest.mark.parametrize(
    ("name", "why"), [("unassigned/", "taken by Lena"), ("open/?who=nobody", "taken by Lena")]
)
def test_a_row_that_left_the_view_says_who_took_it(
    laptop: Service, dana: User, omar: User, lena: User, sign_in: SignIn, name: str, why: str
) -> None:
    one = _ask(laptop, dana)
    browser = sign_in(omar)
    address = _asked_by_browser(browser.get(f"/queue/it/{name}"))
    actions.take(one, by=lena, at=MONDAY_NOON)
    assert f'data-away="{why}"' in _lines(browser.get(address))[one.reference]


def test_a_row_that_is_no_longer_ours_tells_nothing_but_that(
    laptop: Service, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    one = _ask(laptop, dana, subject="Zebra")
    browser = sign_in(omar)
    address = _asked_by_browser(browser.get("/queue/it/open/"))
    theirs = factories.make_service(kai.department, team=kai.memberships.get().team)
    actions.transfer(one, service=theirs, reason="x", by=omar, at=MONDAY_NOON)
    answer = browser.get(address)
    assert 'data-away="left this queue"' in _lines(answer)[one.reference]
    assert "Zebra" not in answer.content.decode()


def test_a_row_of_elsewhere_that_is_asked_for_is_not_told(
    laptop: Service, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    theirs = _ask(
        factories.make_service(kai.department, team=kai.memberships.get().team), dana,
        subject="Zebra",
    )  # fmt: skip
    answer = sign_in(omar).get(f"/queue/it/open/changes/?since=1&rows={theirs.reference}.x")
    assert 'data-away="left this queue"' in _lines(answer)[theirs.reference]
    assert "Zebra" not in answer.content.decode()


def test_what_has_not_changed_is_not_sent_again(
    laptop: Service, dana: User, omar: User, lena: User, sign_in: SignIn
) -> None:
    one = _ask(laptop, dana)
    browser = sign_in(omar)
    address = _asked_by_browser(browser.get("/queue/it/open/"))
    known = {"if-none-match": browser.get(address)["ETag"]}
    again = browser.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    actions.take(one, by=lena, at=MONDAY_NOON)
    assert browser.get(address, headers=known).status_code == 200


def test_asking_what_changed_costs_two_queries_beside_those_of_rights(
    laptop: Service, dana: User, omar: User, lena: User, sign_in: SignIn
) -> None:
    one = _ask(laptop, dana)
    ServiceRequest.objects.bulk_create(_copies(one, 60))
    browser = sign_in(omar)
    address = _asked_by_browser(browser.get("/queue/it/open/"))
    tag = browser.get(address)["ETag"]
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address, headers={"if-none-match": tag}).status_code == 304
    # the session, the person with their department, two for their rights, the department
    assert len(caught) == 5 + 2
    for copy in ServiceRequest.objects.all()[:40]:
        ServiceRequest.objects.filter(pk=copy.pk).update(assignee=lena)
    with CaptureQueriesContext(connection) as caught:
        assert len(_lines(browser.get(address))) == 40
    assert len(caught) <= 5 + 6


@pytest.mark.parametrize(
    "query",
    [
        "since=", "since=x", "since=-1", f"since={'9' * 30}", "since=99999999999999999",
        "since=1&rows=" + ",".join(["IT-1.x"] * 51), "since=1&rows=%00", "since=1&order=odd",
        f"since=1&rows={'x' * 30}.y", "since=1&status=gone", "since=1&who=x",
        "since=1&event=x", f"since=1&event={'9' * 30}",
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_404(
    laptop: Service, omar: User, sign_in: SignIn, query: str
) -> None:
    assert sign_in(omar).get(f"/queue/it/open/changes/?{query}").status_code == 404


def test_the_preview_shows_the_last_word_and_what_can_be_done(
    laptop: Service, dana: User, omar: User, kai: User, sign_in: SignIn
) -> None:
    request = _ask(laptop, dana)
    actions.reply(request, message="Is it **ready**?", by=dana, at=MONDAY_10 + hours(1))
    address = f"/queue/it/show/{request.reference}/"
    shown = sign_in(omar).get(address).content.decode()
    assert "<strong>ready</strong>" in shown
    assert f"/requests/{request.reference}/do/take/" in shown
    assert sign_in(kai).get(address).status_code == 404
    assert sign_in(omar).get("/queue/it/show/IT-0/").status_code == 404
    assert sign_in(omar).get("/queue/it/show/IT-0%00/").status_code == 404


def test_the_preview_of_what_nobody_has_answered_shows_how_it_begins(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    questions = [
        {"key": key, "kind": "short_text", "label": f"{key.title()}?"}
        for key in ("what", "why", "where", "until", "else")
    ]
    service = factories.make_service(
        laptop.department, team=laptop.team, fields=questions, subject_field="what"
    )
    said = {"what": "A hook", "why": "It is <broken>", "where": "Room 4", "until": "Soon"}
    request = _ask(service, dana, answers=said | {"else": "Nothing"})
    browser = sign_in(omar)
    preview = browser.get(f"/queue/it/show/{request.reference}/")
    shown = preview.content.decode()
    for question, answer in (("Why?", "It is &lt;broken&gt;"), ("Where?", "Room 4")):
        assert f"<dt>{question}</dt><dd>{answer}</dd>" in shown
    assert "Soon" in shown
    assert "Nothing" not in shown  # the fourth
    assert "<dt>What?</dt>" not in shown  # stands above as the subject
    actions.reply(request, message="We look.", by=omar, at=MONDAY_10 + hours(1))
    assert "Why?" not in words(browser.get(f"/queue/it/show/{request.reference}/"))


def test_a_view_that_says_who_has_them_says_so_in_its_sentence(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    _ask(laptop, dana)
    browser = sign_in(omar)
    for view, said in (("unassigned", "taken by nobody"), ("mine", "taken by me")):
        page = browser.get(f"/queue/it/{view}/")
        assert said in words(page)
        assert page.context["sentence"]["who"].choices == []
    assert "taken by anyone" in words(browser.get("/queue/it/open/"))


def test_a_person_of_two_departments_has_both_queues(
    laptop: Service, omar: User, hr: Any, sign_in: SignIn
) -> None:
    Membership.objects.create(team=factories.make_team(hr), user=omar)
    page = sign_in(omar).get("/queue/people/open/")
    titles = [section.title for section in page.context["side"]]
    assert titles == ["People queue", "Waiting for", "Other queues"]


def test_an_empty_view_says_what_will_be_here(laptop: Service, omar: User, sign_in: SignIn) -> None:
    page = sign_in(omar).get("/queue/it/mine/")
    assert "You have nothing under way." in words(page)
    assert_sound(page)


def test_a_filter_that_leaves_nothing_says_so_and_leads_back(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    _ask(laptop, dana)
    page = sign_in(omar).get("/queue/it/open/?who=me")
    assert "No request fits this sentence." in words(page)
    assert 'href="/queue/it/open/">Show all of them' in page.content.decode()


def test_a_row_that_waits_says_when_something_happens_by_itself(
    laptop: Service, dana: User, omar: User, sign_in: SignIn
) -> None:
    request = _ask(laptop, dana)
    later = MONDAY_10.date() + timedelta(days=30)
    actions.ask(request, message="Which?", look_again_on=later, by=omar, at=MONDAY_10)
    browser = sign_in(omar)
    assert "Wed 18 Nov" in browser.get("/queue/it/open/").content.decode()
    preview = browser.get(f"/queue/it/show/{request.reference}/").content.decode()
    assert "They are reminded" in preview
    assert "Without an answer it is set to done" in preview
