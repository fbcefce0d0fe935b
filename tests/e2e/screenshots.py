"""Pictures of every page of a running desk: wide and narrow, light and dark.

    BASE_URL=http://localhost:8000 python -m tests.e2e.screenshots OUT_DIR [NAME...]

Signs in as the people whom the demo's sign-in page offers, one of each role. With names, only
pages whose name begins with one of them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.e2e.browsing import NARROW, WIDE, launch

BASE_URL = os.environ.get("BASE_URL", "http://localhost:8000")
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")

BEFORE = {
    "sign-in": "/accounts/login/",
    "password": "/accounts/password/reset/",
    "404": "/nowhere/",
}
ANYONE = {
    "home": "/",
    "services": "/services/",
    "search": "/search/?q=laptop",
    "search-nothing": "/search/?q=zzzzzz",
    "my-requests": "/requests/?show=all",
    "notices": "/notices/",
    "profile": "/me/",
    "mailbox": "/mailbox/",
}
FOUND = {
    "department": ("/services/", r"/services/[^/?]+/$"),
    "service": ("{department}", r"/services/[^/?]+/[^/?]+/$"),
    "request": ("/requests/?show=all", r"/requests/[A-Z0-9]+-\d+/$"),
    "mail": ("/mailbox/", r"/mailbox/\d+/$"),
}
"""Pages that are found by a link on another page."""
QUEUE = {"open": "", "at-risk": "", "unassigned": "", "mine": "", "waiting": ""}


def first_link(page: Page, address: str, pattern: str) -> str:
    """The first link on that page whose address is like this; empty if there is none."""
    page.goto(address)
    links = page.eval_on_selector_all("main a[href]", "all => all.map(one => one.pathname || '')")
    return next((link for link in links if re.search(pattern, link)), "")


def offered(page: Page) -> list[tuple[str, str]]:
    """Role and button of each person that the sign-in page offers."""
    page.goto("/accounts/login/")
    roles = page.locator("main ul li form").all()
    return [
        (
            re.sub(r"\W+", "-", one.locator("xpath=..").locator("b").first.inner_text().lower()),
            one.locator("input[name=login]").get_attribute("value") or "",
        )
        for one in roles
    ]


def sign_in(page: Page, email: str) -> str:
    """By the demo's button; where one lands."""
    page.goto("/accounts/login/")
    page.locator(f"form:has(input[name=login][value='{email}']) button").first.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page.url.removeprefix(BASE_URL)


def addresses(page: Page, landing: str) -> Iterator[tuple[str, str]]:
    """Name and address of every page that this person can come to."""
    yield from ANYONE.items()
    found: dict[str, str] = {}
    for name, (where, pattern) in FOUND.items():
        address = first_link(page, where.format(**found), pattern) if "" not in found else ""
        if address:
            found[name] = address
            yield name, address
        elif name == "department":
            return
    if "/queue/" in landing:
        base = re.sub(r"[^/]+/$", "", landing.split("?")[0])
        for name in QUEUE:
            yield f"queue-{name}", f"{base}{name}/"
        worked = first_link(page, f"{base}open/", r"/requests/[A-Z0-9]+-\d+/$")
        if worked:
            yield "request-worked-on", worked
            for deed in ("transfer", "assign", "prioritise"):
                yield f"deed-{deed}", f"{worked}do/{deed}/"
    page.goto("/overview/")
    if page.locator("main h1").count() and "/overview/" in page.url:
        yield "overview", "/overview/"
    yield from beside(page, landing)


def beside(page: Page, landing: str) -> Iterator[tuple[str, str]]:
    """What the side bar leads to, and from each of these pages two steps deeper."""
    page.goto(landing)
    links = page.eval_on_selector_all("nav a[href]", "all => all.map(one => one.pathname)")
    for link in dict.fromkeys(links):
        if not link.startswith(("/manage/", "/administration/")):
            continue
        address = link
        for _step in range(3):
            yield address.strip("/").replace("/", "-"), address
            deeper = rf"^{re.escape(address)}(?!new/|look/)[^/]+/$"
            address = first_link(page, address, deeper) or first_link(
                page, address, rf"^{re.escape(address)}new/$"
            )
            if not address:
                break


def picture(context: BrowserContext, address: str, path: Path) -> None:
    """One page as it is once nothing moves any more; the whole of it where it is narrow."""
    page = context.new_page()
    answer = page.goto(address)
    page.wait_for_load_state("networkidle")
    narrow = page.viewport_size == NARROW
    page.screenshot(path=path, full_page=not narrow or page.locator(".composer").count() == 0)
    print(f"{path}  {answer.status if answer else ''} {address}", flush=True)
    page.close()


def main(arguments: list[str]) -> int:
    """The command line."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    folder, wanted = Path(arguments[0]), tuple(arguments[1:])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        first = browser.new_context(base_url=BASE_URL).new_page()
        people = [("nobody", ""), *offered(first)]
        for role, email in people:
            context = browser.new_context(base_url=BASE_URL, viewport=WIDE)
            page = context.new_page()
            landing = sign_in(page, email) if email else ""
            pages = dict(addresses(page, landing)) if email else BEFORE
            cookies = context.storage_state()
            context.close()
            for size, width in ((WIDE, "wide"), (NARROW, "narrow")):
                for theme in THEMES:
                    context = browser.new_context(
                        base_url=BASE_URL,
                        viewport=size,
                        color_scheme=theme,
                        reduced_motion="reduce",
                        storage_state=cookies,
                        locale="en-IE",
                        timezone_id="Europe/Dublin",
                    )
                    for name, address in pages.items():
                        if not wanted or f"{role}-{name}".startswith(wanted):
                            path = folder / f"{role}-{name}-{width}-{theme}.png"
                            picture(context, address, path)
                    context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
