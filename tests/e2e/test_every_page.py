"""Every page, full and empty, wide and narrow, light and dark: nothing sticks out, nothing is
hidden from anyone, and no browser complains."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from requests_app import canned, saved_views
from servicedesk.desk.lists import VIEWS
from slas import drafting
from tests import factories
from tests.e2e.browsing import NARROW, WIDE, Browsing
from tests.e2e.faults import all_faults, axe, colours, sticking_out
from tests.e2e.world import World
from tests.processes.stack import Stack

pytestmark = pytest.mark.e2e


def test_pages_before_signing_in(world: World, browsing: Browsing) -> None:
    page = browsing.visitor()
    addresses = [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/signup/",
        world.rate,
        f"{world.rate}?score=2",
        world.settled,
        "/rate/forged:link/",
        "/nowhere/",
    ]
    assert not all_faults(page, addresses)


def test_pages_of_whoever_asks(world: World, browsing: Browsing) -> None:
    page = browsing.page(world.full.dana.email)
    addresses = [
        "/",
        "/services/",
        "/search/",
        "/search/?q=badge",
        "/search/?q=nothing+of+that+name",
        "/search/?status=open&person=nobody",
        f"/services/{world.full.provider.slug}/",
        world.full.path,
        world.long_service,
        "/requests/",
        "/requests/?show=all",
        "/requests/?show=shared",
        "/notices/",
        "/me/",
        "/mailbox/",
        "/accounts/logout/",
        "/queue/",
    ]
    assert not all_faults(page, addresses)


def test_requests_as_the_requester_sees_them(world: World, browsing: Browsing) -> None:
    page = browsing.page(world.full.dana.email)
    addresses = [
        *world.like.values(),
        f"{world.like['new']}do/cancel/",
        f"{world.like['new']}do/share/",
        f"{world.like['resolved']}do/reopen/",
        f"{world.like['closed']}do/cancel/",
    ]
    assert not all_faults(page, addresses)


def test_requests_as_those_who_work_on_them_see_them(world: World, browsing: Browsing) -> None:
    page = browsing.page(world.full.lena.email)
    seen = ["new", "taken", "held", "approval", "resolved", "declined"]
    deeds = ["assign", "prioritise", "decline", "ask_approval", "transfer", "hold", "ask"]
    addresses = [
        *(world.like[name] for name in seen),
        *(f"{world.like['taken']}do/{name}/" for name in deeds),
        f"{world.like['closed']}do/resolve/",
    ]
    assert not all_faults(page, addresses)


def test_the_queue_and_the_figures(world: World, browsing: Browsing) -> None:
    page = browsing.page(world.full.lena.email)
    queue = f"/queue/{world.full.provider.slug}"
    addresses = [f"{queue}/{name}/" for name in ("open", "mine", "waiting")]
    addresses += ["/overview/", f"/manage/{world.full.provider.slug}/requests/"]
    addresses += [f"/manage/{world.full.provider.slug}/feedback/"]
    assert not all_faults(page, addresses)


def test_the_work_on_a_queue(stack: Stack, world: World, browsing: Browsing) -> None:
    department, lena = world.full.provider, world.full.lena
    given: dict[str, Any] = {"by": lena, "at": timezone.now()}
    reply = canned.keep(department, name="Ready " * 12, text="Dear {requester}", **given)
    kept = saved_views.keep(
        department, name="Everything of P1 that is late", view="open", query="priority=P1",
        is_shared=True, **given,
    )  # fmt: skip
    page = browsing.page(lena.email)
    queue, replies = f"/queue/{department.slug}", f"/manage/{department.slug}/replies/"
    addresses = [f"{queue}/saved/{kept.pk}/", f"{queue}/saved/{kept.pk}/change/"]
    addresses += [f"{queue}/saved/{kept.pk}/remove/", f"{queue}/saved/new/?priority=P1"]
    addresses += [
        replies,
        f"{replies}new/",
        f"{replies}{reply.pk}/",
        f"{replies}{reply.pk}/remove/",
    ]
    addresses += [f"{world.like['new']}?act=resolve"]
    assert not all_faults(page, addresses)
    for act, send in (("Transfer…", "Hand them over"), ("Change priority…", "Change priority")):
        page.goto(f"{queue}/open/")
        for row in range(2):
            page.locator("[name=selected]").nth(row).check()
        page.get_by_role("button", name=act).click()
        page.get_by_role("button", name=send).click()
        expect(page.locator("[data-focus]")).to_be_visible()
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            assert not [*axe(page), *sticking_out(page)]
        page.set_viewport_size(WIDE)


def test_the_service_editor(world: World, browsing: Browsing) -> None:
    page = browsing.page(world.full.lena.email)
    services = f"/manage/{world.full.provider.slug}/services/"
    keys = f"{services}keys/"
    addresses = [services, f"{services}new/", keys, f"{keys}form/", f"{keys}form/add/"]
    addresses += [f"{keys}form/question/title/", f"{keys}publish/", f"{keys}retire/"]
    assert not all_faults(page, addresses)


def test_agreements_their_end_and_the_register(
    stack: Stack, world: World, browsing: Browsing
) -> None:
    provider, client = world.full.provider, world.full.dana.department
    theirs = factories.make_agent(factories.make_team(client), is_lead=True)
    now = timezone.now()
    made = factories.propose_agreement(
        provider,
        client,
        by=world.full.lena,
        at=now,
        name="Keys, badges and doors " * 3,
        answer_within=timedelta(hours=4),
    )
    drafting.accept(made, revision=1, by=theirs, at=now)
    leads = [f"/agreements/{made.pk}/{one}" for one in ("", "end/", "month/", "edit/")]
    leads += [f"/agreements/{made.pk}/versions/1/", f"/manage/{provider.slug}/agreements/"]
    leads += [f"/manage/{provider.slug}/agreements/standard/"]
    assert not all_faults(browsing.page(world.full.lena.email), leads)
    administrator = browsing.page(world.administrator.email)
    all_of_them = ["", "?show=review", "?show=missing", "minimum/"]
    assert not all_faults(administrator, [f"/agreements/{one}" for one in all_of_them])


def test_the_administration(world: World, browsing: Browsing) -> None:
    page = browsing.page(world.administrator.email)
    department, team = world.full.provider, world.full.service.team
    addresses = [
        "organisation/",
        "departments/",
        "departments/new/",
        f"departments/{department.pk}/",
        f"teams/{team.pk}/",
        "people/",
        "people/new/",
        f"people/{world.full.lena.pk}/",
        "directory/",
        "audit/",
    ]
    assert not all_faults(page, [f"/administration/{one}" for one in addresses])


def test_pages_with_nothing_on_them(world: World, browsing: Browsing) -> None:
    nobody = browsing.page(world.nobody.email)
    agent = browsing.page(world.empty.lena.email)
    manager = browsing.page(world.manager.email)
    queue = f"/queue/{world.empty.provider.slug}"
    assert not [
        *all_faults(nobody, ["/", "/requests/", "/requests/?show=all", "/notices/", "/mailbox/"]),
        *all_faults(agent, ["/", *(f"{queue}/{name}/" for name in VIEWS), "/overview/"]),
        *all_faults(manager, ["/overview/", "/"]),
    ]


def test_a_refused_form_says_so_to_everyone(world: World, browsing: Browsing) -> None:
    page = browsing.page(world.full.dana.email)
    page.goto(world.long_service)
    page.get_by_role("button", name="Send the request").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("alert").count()
    assert not axe(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert not colours(page)
    page.set_viewport_size(NARROW)
    assert not sticking_out(page)


def test_the_preview_beside_the_queue(world: World, browsing: Browsing) -> None:
    page = browsing.page(world.full.omar.email)
    page.goto(f"/queue/{world.full.provider.slug}/open/")
    page.keyboard.press("j")
    page.locator("#preview").get_by_role("heading").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert not axe(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert not colours(page)
