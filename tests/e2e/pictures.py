"""The pictures of the README and the guides, from a running demo.

    BASE_URL=http://localhost:8000 python -m tests.e2e.pictures docs/pictures [RATER]

RATER is the mail address of someone whom the demo asks how it was (it is on their home page).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browsing import launch
from tests.e2e.screenshots import BASE_URL, first_link, offered, sign_in

SIZE = {"width": 1280, "height": 800}
PASSWORD = "harbour and pine"
REQUEST = r"/requests/[A-Z0-9]+-\d+/$"
DEPARTMENT = r"^/overview/departments/[a-z-]+/$"


def queue_of(page: Page) -> str:
    """Where the queue is on whose landing page this is."""
    return page.url.removeprefix(BASE_URL).split("?")[0]


def talked_about(page: Page) -> str:
    """A request of the queue on which much was said."""
    page.goto(queue_of(page).rsplit("/", 2)[0] + "/waiting/")
    return first_link(page, page.url, REQUEST)


def managed(page: Page, what: str, *deeper: str) -> str:
    """A page of the lead's department, by the side bar."""
    address = first_link_of_side(page, rf"/{what}/")
    for pattern in deeper:
        address = first_link(page, address, rf"^{address}{pattern}") or address
    return address


def first_link_of_side(page: Page, end: str) -> str:
    """The first link of the side bar that ends so."""
    links = page.eval_on_selector_all("nav a[href]", "all => all.map(one => one.pathname)")
    return str(next(link for link in links if link.endswith(end)))


PICTURES: dict[str, tuple[str, Callable[[Page], str]]] = {
    "home": ("employee", lambda _page: "/"),
    "service": ("employee", lambda _page: "/services/it/new-laptop/"),
    "queue": ("agent", queue_of),
    "request": ("agent", talked_about),
    "service-editor": ("lead", lambda page: managed(page, "services", r"new-laptop/$", "form/$")),
    "replies": ("lead", lambda page: managed(page, "replies")),
    "feedback": ("lead", lambda page: managed(page, "feedback")),
    "overview": ("manager", lambda _page: "/overview/"),
    "department": ("manager", lambda page: first_link(page, "/overview/", DEPARTMENT)),
    "behind": ("manager", lambda _page: "/overview/requests/late/"),
    "today": ("lead", lambda page: first_link_of_side(page, "/today/")),
    "departments": ("administrator", lambda _page: "/administration/departments/"),
    "directory": ("administrator", lambda _page: "/administration/directory/"),
    "audit": ("administrator", lambda _page: "/administration/audit/"),
}
"""Name of the picture: who sees it, and how they come there from where they land."""


def fresh_page(browser: Browser) -> Page:
    """A page of someone who is not signed in."""
    context = browser.new_context(
        base_url=BASE_URL,
        viewport={"width": SIZE["width"], "height": SIZE["height"]},
        color_scheme="light",
        reduced_motion="reduce",
        locale="en-IE",
        timezone_id="Europe/Dublin",
    )
    return context.new_page()


def keep(page: Page, path: Path) -> None:
    """The picture, once nothing moves any more."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)
    print(f"{path}  {page.url}", flush=True)


def main(arguments: list[str]) -> int:
    """The command line."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    with sync_playwright() as playwright:
        browser = launch(playwright)
        emails = dict(offered(fresh_page(browser)))
        for name, (role, where) in PICTURES.items():
            page = fresh_page(browser)
            page.goto(sign_in(page, emails[role]))
            page.goto(where(page))
            keep(page, folder / f"{name}.png")
            page.context.close()
        if len(arguments) > 1:
            page = fresh_page(browser)
            page.goto("/accounts/login/")
            page.locator("#id_login").fill(arguments[1])
            page.locator("#id_password").fill(PASSWORD)
            page.locator("#id_password").press("Enter")
            page.wait_for_url(lambda url: "/accounts/login" not in url)
            page.goto(first_link(page, "/", r"/rate/"))
            keep(page, folder / "rate.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
