"""From an empty database to two ratings, with nothing but a browser and a mailbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from feedback.models import Rating
from people.models import Department, Organisation, User
from requests_app.models import Event, ServiceRequest
from tests.e2e.browsing import Browsing, sign_in
from tests.e2e.test_service_editor import write as ask_in_the_form
from tests.e2e.test_story import reference_in, write
from tests.processes.person import PASSWORD
from tests.processes.stack import Stack, running_desk, wait_until

pytestmark = pytest.mark.e2e

DIRECTORY = """\
employee_number,name,email,department,department_key,zone,country,team,role
1,Alma Reis,alma@nothing.example,Administration,,,,,
10,Lena Nowak,lena@nothing.example,IT,IT,Europe/Dublin,IE,Service desk,lead
11,Omar Quinn,omar@nothing.example,IT,,,,,
20,Paula Brandt,paula@nothing.example,People,HR,Europe/Lisbon,PT,In confidence,lead
21,Petra Silva,petra@nothing.example,People,,,,In confidence,agent
22,Rolf Mehta,rolf@nothing.example,People,,,,Recruiting,agent
30,Dana Byrne,dana@nothing.example,Finance,FIN,Europe/Warsaw,PL,,
"""
PLACE = {"Time zone": "Europe/Dublin", "Country": "IE"}


@pytest.fixture(scope="module")
def whole_stack(django_db_blocker: DjangoDbBlocker) -> Iterator[Stack]:
    """A desk of its own, with an empty database; a rating is asked for seconds later."""
    seldom = {"SLA_SWEEP_SECONDS": "10", "FEEDBACK_ADVANCE_SECONDS": "5"}
    with running_desk(django_db_blocker, **seldom) as stack:
        yield stack


def address(name: str) -> str:
    """Someone's mail address."""
    return f"{name}@nothing.example"


def set_up(page: Page) -> None:
    """The first page anyone sees makes organisation and administrator."""
    page.goto("/")
    page.wait_for_url("**/set-up/")
    page.get_by_label("Name of the organisation").fill("Harbour Works")
    for label, value in PLACE.items():
        page.get_by_label(label, exact=True).select_option(value)
    page.get_by_label("Your name").fill("Alma Reis")
    page.get_by_label("Your e-mail").fill(address("alma"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/administration/departments/")


def bring_in(page: Page, folder: Path) -> None:
    """The directory: shown first, changing nothing, then taken."""
    file = folder / "people.csv"
    file.write_text(DIRECTORY)
    page.get_by_role("link", name="Directory file").first.click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Petra Silva")
    assert (User.objects.count(), Department.objects.count()) == (1, 1)
    page.get_by_role("button", name="Do exactly this").click()
    page.wait_for_url("**/administration/people/**")
    expect(page.get_by_role("link", name="Petra Silva")).to_be_visible()
    assert User.objects.count() == 7
    assert set(Department.objects.values_list("key", flat=True)) >= {"IT", "HR", "FIN"}


def make_an_agent(page: Page, name: str, team: str) -> None:
    """On the person's own page."""
    page.goto(f"/administration/people/?q={name.split()[0]}")
    page.get_by_role("link", name=name).first.click()
    page.get_by_label("Team", exact=True).select_option(label=team)
    page.get_by_role("button", name="Put into the team").click()
    expect(page.get_by_role("link", name=team)).to_be_visible()


def come_in(browsing: Browsing, stack: Stack, name: str, *, script: bool = True) -> Page:
    """As everyone whom the directory brought: a link by mail, a password, and in."""
    page = browsing.visitor(script=script)
    page.goto("/accounts/login/")
    page.goto("/accounts/password/reset/")
    page.get_by_label("E-mail", exact=True).fill(address(name))
    page.get_by_role("button", name="Send me the link").click()
    follow_reset(page, stack, name)
    sign_in(page, address(name))
    return page


def follow_reset(page: Page, stack: Stack, name: str) -> None:
    """Open the newest link and choose a password."""
    pattern = re.compile(rf"{re.escape(stack.base_url)}(/accounts/password/reset/key/\S+)")
    texts = wait_until(
        f"the link comes to {name}",
        lambda: [one.text for one in stack.mail.to(address(name)) if pattern.search(one.text)],
        60,
    )
    found = pattern.search(texts[-1])
    assert found
    page.goto(found[1])
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Your password is new")).to_be_visible()


def register(page: Page, department: str, name: str, team: str, *, restricted: bool) -> None:
    """A new service of the lead's department, up to its form."""
    page.goto(f"/manage/{department}/services/")
    page.get_by_role("link", name="New service").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("In one line").fill("We take care of it.")
    page.get_by_label("Team", exact=True).select_option(label=team)
    if restricted:
        page.get_by_label("Restricted: only").check()
    page.get_by_role("button", name="Register the service").click()
    page.wait_for_url("**/form/")


def publish(page: Page) -> None:
    """What was registered is offered from now on."""
    page.get_by_role("link", name="Go on to publish").click()
    page.get_by_role("button", name="Publish the service").click()
    expect(page.get_by_text("Asked now")).to_be_visible()


def send(page: Page) -> str:
    """The request's reference."""
    page.get_by_role("button", name="Send the request").click()
    page.wait_for_url("**/requests/**")
    expect(page.get_by_text("Received").first).to_be_visible()
    return reference_in(page)


def find_service(page: Page, name: str) -> None:
    """As someone does who does not know whose it is."""
    page.goto("/")
    page.get_by_role("link", name="Ask for something").first.click()
    page.get_by_role("searchbox").first.fill(name)
    page.get_by_role("searchbox").first.press("Enter")
    page.get_by_role("main").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def work(page: Page, department: str, reference: str, words: str) -> None:
    """From the queue: take, reply, resolve."""
    page.goto(f"/queue/{department}/open/")
    page.get_by_role("row").filter(has_text=reference).get_by_role("link").first.click()
    page.get_by_role("button", name="Take").click()
    expect(page.locator("main")).to_contain_text("In progress")
    write(page, "Reply", f"{words} We have begun.", "Send")
    expect(page.locator(".timeline")).to_contain_text("We have begun.")
    write(page, "Resolve", f"{words} It is done.", "Send and resolve")
    expect(page.locator("main header").first).to_contain_text("Resolved")


def rate(page: Page, stack: Stack, reference: str, score: int) -> None:
    """By the link of the mail, signed out."""
    pattern = re.compile(rf"{re.escape(stack.base_url)}(/rate/[^\s?]+/)")

    def invited() -> list[str]:
        texts = [one.text for one in stack.mail.to(address("dana")) if reference in one.text]
        return [found[1] for text in texts if (found := pattern.search(text))]

    page.goto(wait_until(f"a rating of {reference} is asked for", invited, 90)[0])
    page.locator("label.score").filter(has_text=str(score)).click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("body")).to_contain_text("Thank you")


def test_an_organisation_begins_and_two_requests_live_to_their_rating(
    stack: Stack, browsing: Browsing, tmp_path: Path
) -> None:
    assert not Organisation.objects.exists()
    assert not User.objects.exists()
    alma = browsing.visitor()
    set_up(alma)
    bring_in(alma, tmp_path)
    make_an_agent(alma, "Omar Quinn", "IT: Service desk")

    lena = come_in(browsing, stack, "lena")
    register(lena, "it", "New laptop", "Service desk", restricted=False)
    ask_in_the_form(lena, "Which system?", "choice", choices="Linux\nWindows")
    ask_in_the_form(
        lena, "Which edition?", "short_text", shown="Only if “Which system?” is “Windows”"
    )
    publish(lena)

    paula = come_in(browsing, stack, "paula")
    register(paula, "people", "A word in confidence", "In confidence", restricted=True)
    ask_in_the_form(paula, "What is it about?", "long_text")
    publish(paula)

    dana = come_in(browsing, stack, "dana")
    find_service(dana, "New laptop")
    dana.get_by_label("Linux").check()
    expect(dana.get_by_label("Which edition?")).to_be_hidden()
    dana.get_by_label("Windows").check()
    dana.get_by_label("Which edition?").fill("The blue one")
    dana.get_by_label("It can wait").check()
    laptop = send(dana)
    find_service(dana, "A word in confidence")
    dana.get_by_label("What is it about?").fill("The plum tree")
    dana.get_by_label("It can wait").check()
    secret = send(dana)

    omar, petra = come_in(browsing, stack, "omar"), come_in(browsing, stack, "petra")
    work(omar, "it", laptop, "The laptop.")
    rolf = come_in(browsing, stack, "rolf")
    rolf.goto("/queue/people/open/")
    expect(rolf.get_by_role("main")).to_contain_text("restricted, not shown")
    expect(rolf.get_by_role("main")).not_to_contain_text(secret)
    rolf.goto(f"/requests/{secret}/")
    expect(rolf.get_by_role("heading", level=1)).to_have_text("This page is not here for you")
    rolf.goto("/search/?q=plum")
    expect(rolf.get_by_role("main")).not_to_contain_text(secret)
    work(petra, "people", secret, "Between us.")

    stranger = browsing.visitor()
    rate(stranger, stack, laptop, 5)
    rate(stranger, stack, secret, 4)
    scores = Rating.objects.values_list("invitation__service_request__reference", "score")
    assert dict(scores) == {laptop: 5, secret: 4}
    rated = Event.objects.filter(kind="rated").values_list("service_request__reference", flat=True)
    assert sorted(rated) == sorted([laptop, secret])
    kept = ServiceRequest.objects.get(reference=laptop)
    assert kept.provider_department.key == "IT"
    assert kept.client_department.key == "FIN"
