"""Pages of agreements: one lead writes, the other accepts, both read how it was kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from catalogue.models import Service
from notices import inbox, outbox
from people.models import Department, User
from requests_app import actions
from requests_app.models import ServiceRequest
from servicedesk.desk.agreements.form import ConditionsForm
from servicedesk.desk.agreements.views import listing
from slas import agreements, drafting, keeping
from slas.conditions import METRICS, Conditions
from slas.drafting import Wanted
from slas.models import Agreement, Kind
from slas.sweep import sweep
from tests import factories
from tests.beforehand import beforehand
from tests.desk.conftest import SignIn
from tests.portal.reading import assert_sound, words
from tests.times import (
    FRIDAY_9,
    MONDAY_9,
    MONDAY_10,
    MONDAY_NOON,
    TUESDAY_9,
    WEDNESDAY_9,
    hours,
)

MADE = "/manage/it/agreements/"


@pytest.fixture
@beforehand
def fiona(finance: Department) -> User:
    """The lead of Finance."""
    return factories.make_agent(factories.make_team(finance), "Fiona Walsh", is_lead=True)


def typed(it: Department, *clients: Department, **given: Any) -> dict[str, Any]:
    """What a lead sends from the editor: the standard, for these clients, with other words."""
    said = Conditions.of(agreements.standard_version(it.pk, MONDAY_9))
    form = ConditionsForm(None, kind=Kind.AGREEMENT, provider=it, now=Wanted(name="", said=said))
    sent = {name: form.initial.get(name) or "" for name in form.fields}
    sent |= {"name": "IT for Finance", "clients": [str(one.pk) for one in clients], "which": "all"}
    sent |= given
    return {name: value for name, value in sent.items() if value}


@pytest.fixture
@beforehand
def agreement(it: Department, finance: Department, lena: User, fiona: User) -> Agreement:
    """IT solves what Finance asks in two hours, Finance answers within one; in force."""
    standard = Conditions.of(agreements.standard_version(it.pk, MONDAY_9))
    made = factories.propose_agreement(
        it,
        finance,
        by=lena,
        name="IT for Finance",
        message="Faster for you.",
        targets={**standard.targets, ("resolution", "P3"): hours(2)},
        answer_within=hours(1),
    )
    drafting.accept(made, revision=1, by=fiona, at=MONDAY_9)
    return made


def test_a_lead_writes_and_proposes_and_the_clients_lead_compares_and_accepts(
    it: Department, finance: Department, lena: User, fiona: User, laptop: Service, sign_in: SignIn
) -> None:
    leads = sign_in(lena)
    empty = leads.get(MADE)
    assert_sound(empty)
    assert "No agreements yet" in words(empty)
    assert_sound(leads.get(f"{MADE}new/"))
    page = leads.post(
        f"{MADE}new/", typed(it, finance, resolution_P3="2 h", answer_within="1 day"), follow=True
    )
    assert_sound(page)
    assert "is kept as a draft" in words(page)
    made = Agreement.objects.get(kind="agreement")
    here = f"/agreements/{made.pk}/"
    assert sign_in(fiona).get(here).status_code == 404
    page = leads.post(
        f"{here}propose/", {"revision": "1", "message": "Faster for you."}, follow=True
    )
    assert_sound(page)
    assert "Finance: not yet" in words(page)

    assert [line.text for line in inbox.latest(fiona)] == ["IT proposes “IT for Finance”"]
    outbox.deliver(FRIDAY_9)
    sent = mail.outbox[-1]
    assert (sent.to, sent.subject) == ([fiona.email], "IT proposes “IT for Finance”")
    assert "Faster for you." in sent.body
    assert here in sent.body

    client = sign_in(fiona)
    home = client.get("/")
    assert_sound(home)
    assert "One thing needs you." in words(home)
    assert "IT proposes “IT for Finance”" in words(home)
    assert f'href="{here}"' in home.content.decode()
    assert "Waits for your answer" in words(client.get("/manage/finance/agreements/?side=received"))
    page = client.get(here)
    assert_sound(page)
    assert "Faster for you." in words(page)
    page = client.post(f"{here}accept/", {"revision": "1"}, follow=True)
    assert_sound(page)
    assert "Everyone has accepted: it is agreed." in words(page)
    assert "IT proposes" not in words(client.get("/"))
    assert "In force" in words(leads.get(MADE))
    assert [line.text for line in inbox.latest(lena)] == ["“IT for Finance” is agreed"]
    assert "2 h" in words(client.get(here))


def test_what_was_proposed_says_to_whom_and_what_follows_from_the_first_answer(
    it: Department, finance: Department, lena: User, fiona: User, sign_in: SignIn
) -> None:
    browser = sign_in(lena)
    browser.post(f"{MADE}new/", typed(it, finance, next_reply_P1="30 min"))
    made = Agreement.objects.get(kind="agreement")
    assert "IT for Finance Finance Draft" in words(browser.get(MADE))
    browser.post(f"/agreements/{made.pk}/propose/", {"revision": "1"})
    page = words(sign_in(fiona).get(f"/agreements/{made.pk}/"))
    assert "Next reply 30 min 1 h like the first 4 h like the first 1 day like the first" in page
    assert "a day has 8 working hours" in page


def test_the_version_to_come_and_the_review_that_is_near_say_so(
    agreement: Agreement, lena: User, fiona: User, sign_in: SignIn
) -> None:
    said = Conditions.of(agreement.versions.get())
    wanted = Wanted(
        name="IT for Finance",
        said=replace(said, review_on=date(2026, 12, 1)),
        begins_on=date(2026, 11, 18),
    )
    drafting.change(agreement, wanted, revision=0, by=lena, at=MONDAY_10)
    drafting.propose(agreement, revision=1, by=lena, at=MONDAY_10)
    drafting.accept(agreement, revision=1, by=fiona, at=MONDAY_10)
    assert "Agreed, to come" in words(sign_in(lena).get(f"/agreements/{agreement.pk}/"))
    assert "Due for review" not in words(sign_in(lena).get(MADE))


def test_what_was_typed_stays_and_what_is_wrong_stands_beside_its_field(
    it: Department, finance: Department, lena: User, sign_in: SignIn
) -> None:
    sent = typed(it, resolution_P3="soon", warn_P1="75, x", name="", begins_on="2020-01-01")
    page = sign_in(lena).post(f"{MADE}new/", sent)
    assert page.status_code == 422
    assert_sound(page)
    shown = words(page)
    assert "Write it like “30 min”, “4 h” or “2 days”." in shown
    assert "Choose the departments that you promise it to." in shown
    assert "Write whole percents" in shown
    assert 'value="soon"' in page.content.decode()
    late = typed(it, finance, begins_on="2020-01-01", which="some")
    page = sign_in(lena).post(f"{MADE}new/", late)
    assert page.status_code == 422
    assert "Choose today or a later day." in words(page)
    assert "Choose at least one service, or all of them." in words(page)


def test_less_than_the_minimum_is_refused_beside_the_field(
    it: Department, finance: Department, lena: User, sign_in: SignIn
) -> None:
    least = Conditions(
        targets={("resolution", "P3"): hours(1)},
        thresholds=dict.fromkeys(("P1", "P2", "P3", "P4"), ()),
        escalation=dict.fromkeys(("P1", "P2", "P3", "P4"), ()),
    )
    sent = typed(it, finance)
    agreements.say_minimum(least, at=MONDAY_9)
    page = sign_in(lena).post(f"{MADE}new/", sent)
    assert page.status_code == 422
    wrong = 'href="#id_resolution_P3">Resolution, P3: The organisation’s minimum is 1 h.'
    assert wrong in page.content.decode()


def test_an_agreement_is_applied_to_open_requests_and_every_page_leads_back_to_it(
    it: Department, finance: Department, lena: User, fiona: User, dana: User, laptop: Service,
    sign_in: SignIn,
) -> None:  # fmt: skip
    asked = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    said = Conditions.of(agreements.standard_version(it.pk, MONDAY_9))
    targets = {**said.targets, ("resolution", "P3"): hours(9)}
    made = factories.propose_agreement(it, finance, by=lena, name="Nine", targets=targets)
    drafting.accept(made, revision=1, by=fiona, at=MONDAY_9)
    here, browser = f"/agreements/{made.pk}/", sign_in(lena)
    version = made.versions.get()
    apply = f"/manage/it/open-requests/agreement/{version.pk}/"
    assert f'href="{apply}"' in browser.get(here).content.decode()
    page = browser.get(apply)
    assert_sound(page)
    assert f'href="{here}"' in page.content.decode()
    assert "Nine: open requests" in words(page)
    page = browser.post(apply, follow=True)
    assert_sound(page)
    assert "Version 1 of “Nine”" in words(page)
    assert f'href="{here}"' in page.content.decode()
    clock = asked.clocks.get(metric="resolution")
    assert clock.agreement_version_id == version.pk


def test_the_next_version_is_compared_with_the_one_before_and_can_be_sent_back(
    agreement: Agreement, it: Department, finance: Department, lena: User, fiona: User,
    sign_in: SignIn,
) -> None:  # fmt: skip
    here, leads, client = f"/agreements/{agreement.pk}/", sign_in(lena), sign_in(fiona)
    page = leads.get(f"{here}edit/")
    assert_sound(page)
    sent = typed(it, finance, resolution_P3="4 h", answer_within="2 h", revision="0")
    assert_sound(leads.post(f"{here}edit/", sent, follow=True))
    assert "Version 2" not in words(client.get(here))
    leads.post(f"{here}propose/", {"revision": "1"})
    shown = words(client.get(here))
    assert "What would be different" in shown
    assert "Resolution, P3 : 2 h 4 h" in shown or "Resolution, P3: 2 h 4 h" in shown
    assert "Answers our questions within" in shown
    page = client.post(f"{here}send-back/", {"revision": "1", "reason": " "})
    assert page.status_code == 422
    assert "Say what should be different." in words(page)
    page = client.post(f"{here}send-back/", {"revision": "1", "reason": "Keep 2 h."}, follow=True)
    assert_sound(page)
    assert "Keep 2 h." in words(leads.get(here))
    assert inbox.latest(lena)[0].text == "Finance sends “IT for Finance” back"
    assert_sound(leads.get(f"{here}versions/1/"))
    assert leads.get(f"{here}versions/2/").status_code == 404


def test_who_was_slower_is_told_and_nothing_is_accepted_unseen(
    agreement: Agreement, it: Department, finance: Department, lena: User, fiona: User,
    sign_in: SignIn,
) -> None:  # fmt: skip
    here, leads = f"/agreements/{agreement.pk}/", sign_in(lena)
    leads.post(f"{here}edit/", typed(it, finance, revision="0"))
    late = leads.post(f"{here}edit/", typed(it, finance, revision="0", resolution_P1="3 h"))
    assert late.status_code == 409
    assert_sound(late)
    assert 'value="3 h"' in late.content.decode()
    leads.post(f"{here}propose/", {"revision": "1"})
    for page in (
        sign_in(fiona).post(f"{here}accept/", {"revision": "7"}),
        leads.post(f"{here}take-back/", {"revision": "x"}),
        leads.post(f"{here}drop/", {"revision": "1"}),
    ):
        assert page.status_code == 409
        assert_sound(page)
    assert agreement.versions.count() == 1


def test_an_agreement_ends_after_it_was_asked(
    agreement: Agreement, lena: User, fiona: User, sign_in: SignIn
) -> None:
    address = f"/agreements/{agreement.pk}/end/"
    client = sign_in(fiona)
    assert_sound(client.get(address))
    for wrong in ("never", "2026-11-01", "2026-13-45"):
        page = client.post(address, {"on": wrong})
        assert page.status_code == 422
        assert_sound(page)
    page = client.post(address, {"on": "2026-11-20"}, follow=True)
    assert_sound(page)
    assert inbox.latest(lena)[0].text == "“IT for Finance” ends"
    assert agreement.versions.get().in_force_to == FRIDAY_9 - hours(9)


def test_a_draft_is_thrown_away_after_it_was_asked(
    it: Department, finance: Department, lena: User, fiona: User, sign_in: SignIn
) -> None:
    leads = sign_in(lena)
    leads.post(f"{MADE}new/", typed(it, finance))
    made = Agreement.objects.get(kind="agreement")
    assert_sound(leads.get(f"/agreements/{made.pk}/drop/"))
    page = leads.post(f"/agreements/{made.pk}/drop/", {"revision": "1"}, follow=True)
    assert_sound(page)
    assert not Agreement.objects.filter(kind="agreement").exists()


def test_the_lead_says_a_new_standard_from_a_day_on(
    it: Department, finance: Department, laptop: Service, lena: User, sign_in: SignIn
) -> None:
    leads = sign_in(lena)
    assert_sound(leads.get(f"{MADE}standard/"))
    sent = typed(it, resolution_P3="1 day", begins_on="2026-11-20", revision="1")
    page = leads.post(f"{MADE}standard/", sent, follow=True)
    assert_sound(page)
    assert "Version 2 of the standard is kept." in words(page)
    found = agreements.version_for(it.pk, finance.pk, laptop.pk, FRIDAY_9)
    assert Conditions.of(found).budget("resolution", "P3") == hours(8)
    assert agreements.standard_version(it.pk, WEDNESDAY_9).number == 1
    assert leads.post(f"{MADE}standard/", sent).status_code == 409
    past = sent | {"begins_on": "2026-11-13", "revision": "2"}
    assert leads.post(f"{MADE}standard/", past).status_code == 422


def test_administrators_tighten_the_minimum_and_read_who_promises_less(
    it: Department, hr: Department, agreement: Agreement, lena: User, sign_in: SignIn
) -> None:
    admin = factories.make_person("Ada", department=hr, is_administrator=True)
    browser = sign_in(admin)
    assert_sound(browser.get("/agreements/minimum/"))
    page = browser.post("/agreements/minimum/", {"resolution_P3": "2 h"}, follow=True)
    assert_sound(page)
    assert "One promises less" in words(page)
    assert "A department’s standard: IT" in words(page)
    page = browser.post("/agreements/minimum/", {"resolution_P3": "3 h", "revision": "1"})
    assert page.status_code == 422
    assert "may only be tightened" in words(page)
    assert sign_in(lena).get("/agreements/minimum/").status_code == 403


def test_the_register_holds_what_is_in_force_due_for_review_and_missing(
    it: Department, hr: Department, agreement: Agreement, laptop: Service, lena: User, kai: User,
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    browser = sign_in(factories.make_manager(None))
    for show in ("in-force", "review", "missing"):
        assert_sound(browser.get(f"/agreements/?show={show}"))
    assert "IT for Finance" in words(browser.get("/agreements/?of=it"))
    assert "None is due for review" in words(browser.get("/agreements/?show=review"))
    monkeypatch.setattr(listing.register, "MANY_REQUESTS", 2)
    for _number in range(2):
        factories.make_service_request(laptop, by=kai, at=MONDAY_10)
    shown = words(browser.get("/agreements/?show=missing"))
    assert "IT People 2" in shown
    assert browser.get("/agreements/?show=else").status_code == 404
    assert browser.get("/agreements/?of=nowhere").status_code == 404
    assert browser.get("/agreements/?show=missing&after=1.2.x").status_code == 200
    assert sign_in(lena).get("/agreements/").status_code == 404


def test_pairs_with_many_requests_are_paged_by_key(
    it: Department, finance: Department, hr: Department, laptop: Service, dana: User, kai: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(listing.register, "MANY_REQUESTS", 1)
    for person in (dana, dana, kai):
        factories.make_service_request(laptop, by=person, at=MONDAY_10)
    first = listing.register.missing([it.pk], MONDAY_NOON, limit=1)
    assert [(one.client, one.requests) for one in first] == [("Finance", 2)]
    after = (2, it.pk, finance.pk)
    assert [
        (one.client, one.requests)
        for one in listing.register.missing([it.pk], MONDAY_NOON, after=after)
    ] == [("People", 1)]


@pytest.fixture
@beforehand
def month(
    agreement: Agreement, laptop: Service, dana: User, omar: User
) -> tuple[ServiceRequest, ServiceRequest]:
    """Two requests under the agreement: one late after a late answer, one late by itself."""
    first = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    first = actions.ask(
        first, message="Which?", look_again_on=date(2026, 11, 18), by=omar, at=MONDAY_10
    )
    first = actions.answer(first, message="This.", by=dana, at=TUESDAY_9)
    second = factories.make_service_request(laptop, by=dana, at=MONDAY_9)
    sweep(WEDNESDAY_9)
    return first, second


def test_a_month_tells_how_both_sides_kept_it_and_which_breach_followed_a_late_answer(
    month: tuple[ServiceRequest, ServiceRequest], agreement: Agreement, fiona: User,
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    found = keeping.kept(agreement, MONDAY_9, FRIDAY_9)
    assert {one.reference for one in found.after_late_answers} == {month[0].reference}
    assert {one.reference for one in found.breaches} == {one.reference for one in month}
    assert [(one.took, one.is_late) for one in found.answers] == [(hours(6.5), True)]
    assert found.promises["resolution"].n == 2
    monkeypatch.setattr(timezone, "now", lambda: FRIDAY_9)
    page = sign_in(fiona).get(f"/agreements/{agreement.pk}/month/?month=2026-11")
    assert_sound(page)
    shown = words(page)
    assert "Answers within 1 h" in shown
    assert "1 breach followed a late answer" in shown
    assert "After a late answer" in shown
    empty = sign_in(fiona).get(f"/agreements/{agreement.pk}/month/?month=2026-10")
    assert_sound(empty)
    assert "Nothing was decided in this month" in words(empty)
    for wrong in ("1999-01", "x"):
        address = f"/agreements/{agreement.pk}/month/?month={wrong}"
        assert sign_in(fiona).get(address).status_code == 404


PAGES = {
    MADE: 19,
    f"{MADE}new/": 20,
    f"{MADE}standard/": 19,
    "/agreements/{}/": 21,
    "/agreements/{}/edit/": 21,
    "/agreements/{}/month/": 23,
}


@pytest.mark.parametrize(("address", "queries"), PAGES.items())
def test_pages_of_agreements_cost_the_same_however_many_there_are(
    month: tuple[ServiceRequest, ServiceRequest], agreement: Agreement, it: Department,
    lena: User, sign_in: SignIn, django_assert_num_queries: Any, address: str, queries: int,
) -> None:  # fmt: skip
    said = Conditions.of(agreement.versions.get())
    for _number in range(3):
        other = factories.make_department()
        tight = replace(said, clients=(other.pk,))
        drafting.create(it, Wanted(name=other.name, said=tight), by=lena, at=MONDAY_9)
    browser = sign_in(lena)
    browser.get(address.format(agreement.pk))
    with django_assert_num_queries(queries):
        browser.get(address.format(agreement.pk))


def test_every_metric_has_its_row(it: Department) -> None:
    form = ConditionsForm(None, kind=Kind.STANDARD, provider=it)
    assert [len(row.cells) for row in form.promises()] == [4] * len(METRICS)
