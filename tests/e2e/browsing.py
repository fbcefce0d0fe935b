"""People at browsers: who is signed in, what their browser complains about, what they press."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response, ViewportSize

from tests.processes.person import PASSWORD

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}

LOGIN = "/accounts/login/"

_LISTEN = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


PROGRAMS = ("chromium-headless-shell", "chromium")
"""Debian's. The first is the same without windows: a context costs it a fifth of the time."""


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, or the one that CHROMIUM names."""
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, PROGRAMS)]
    return playwright.chromium.launch(
        executable_path=next(filter(None, found), "/usr/bin/chromium"),
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    )


_NO_TROUBLE = (
    "status of 4",  # a refused form is 422 and says so on the page; see `_answered` for the rest
    "htmx:afterRequest",  # together with the next
    "htmx:sendAbort",  # one went on to the next row before its preview was here
)


@dataclass
class Browsing:
    """Opens pages for people, and keeps what their browsers complain about."""

    browser: Browser
    base_url: str
    troubles: list[str] = field(default_factory=list)
    _cookies: dict[str, Any] = field(default_factory=dict)
    _open: list[BrowserContext] = field(default_factory=list)

    def visitor(self, *, script: bool = True, **given: Any) -> Page:
        """A browser in which nobody is signed in."""
        given = {"viewport": WIDE, "locale": "en-IE", "timezone_id": "Europe/Dublin"} | given
        context = self.browser.new_context(
            base_url=self.base_url, java_script_enabled=script, **given
        )
        context.set_default_timeout(30_000)  # a busy machine is no fault of the desk
        if script:
            context.add_init_script(_LISTEN)
        self._open.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._listen(page, said.type, said.text))
        page.on("response", self._answered)
        return page

    def page(self, email: str, *, script: bool = True, **given: Any) -> Page:
        """A browser in which this person is signed in: what the form sends is sent once, without
        drawing it or what comes after it; then by its cookie.
        """
        if email not in self._cookies:
            self._cookies[email] = self._signed_in(email)
        return self.visitor(script=script, storage_state=self._cookies[email], **given)

    def _signed_in(self, email: str) -> Any:
        context = self.browser.new_context(base_url=self.base_url)
        form: dict[str, str | float | bool] = {"login": email, "password": PASSWORD}
        context.request.get(LOGIN)
        for cookie in context.cookies():
            if cookie["name"] == "csrftoken":
                form["csrfmiddlewaretoken"] = cookie["value"]
        context.request.post(LOGIN, form=form, max_redirects=0)
        cookies = context.storage_state()
        context.close()
        assert any(one["name"] == "sessionid" for one in cookies["cookies"]), f"{email} is not in"
        return cookies

    @contextmanager
    def as_(self, email: str, **given: Any) -> Iterator[Page]:
        """The same, closed afterwards."""
        page = self.page(email, **given)
        yield page
        page.context.close()

    def _listen(self, page: Page, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not any(words in text for words in _NO_TROUBLE):
            self.troubles.append(f"{page.url}: {text}")

    def _answered(self, response: Response) -> None:
        asset = response.request.resource_type != "document"
        if response.status >= (400 if asset else 500):
            self.troubles.append(f"{response.status} {response.url}")

    def close(self) -> None:
        """Close what is open."""
        while self._open:
            self._open.pop().close()


def sign_in(page: Page, email: str) -> None:
    """By the form."""
    page.goto(LOGIN)
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).last.click()
    page.wait_for_url(lambda url: LOGIN not in url)


class Clicks:
    """Counts what a person presses; typing is free."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, locator: Any) -> None:
        locator.click()
        self.count += 1
