"""What the tests of all pages would find, if it were there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e import faults
from tests.e2e.browsing import NARROW, WIDE

pytestmark = pytest.mark.e2e

ROWS = "".join(f"<p class='row'>Row {number} of many</p>" for number in range(30))
HEAD = """<!doctype html><html lang="en"><head><title>A page of tests</title><style>
body { margin: 0; background: #fff; color: #333; }
p { margin: 0; height: 24px; }
.row { position: relative; color: #767676; }
.box { position: absolute; left: 0; width: 300px; height: 24px; background: #999; }
.at-night { color: #222; }
@media (prefers-color-scheme: dark) {
  body { background: #111; color: #eee; } .row { color: #aaa; } .box { background: #444; }
}
@media (max-width: 500px) { .narrow { color: #888; } }
@media (min-width: 501px) { .narrow { visibility: hidden; } }
</style></head><body><main><h1>Rows</h1>
"""
ALL = """async () => {
  const only = {runOnly: ["color-contrast"]};
  const found = await axe.run(document, only);
  return found.violations.flatMap((one) => one.nodes.map((node) => node.html));
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """One on which nobody has looked at anything."""
    faults._read.clear()
    page = browser.new_page(viewport=WIDE, color_scheme="light", reduced_motion="reduce")
    yield page
    page.close()
    faults._read.clear()


def show(page: Page, *body: str) -> None:
    page.set_content(f"{HEAD}{''.join(body)}</main></body></html>")


def test_of_many_that_look_the_same_one_is_asked_and_what_differs_is_found(page: Page) -> None:
    show(page, ROWS)
    assert faults.axe(page) == []
    assert len(faults._read) == 2  # the heading, and one row
    strange = [
        '<p class="row" style="color: #999">of another colour</p>',
        '<section style="background: #666"><p class="row">on another ground</p></section>',
        '<p class="row"><i style="opacity: .5">half there</i></p>',
        '<p style="color: #999">9</p><p style="color: #999">10</p>',
        '<p class="row faded"><b>of a class</b></p><style>.faded b { color: #bbb }</style>',
        '<label class="row" style="color: #ccc">A name <input value="and what is typed"></label>',
    ]
    for one in strange:
        show(page, ROWS, one, ROWS)
        found = faults.axe(page)
        assert len(found) == 1, (one, found)
        assert found == faults.axe(page)  # and again, as long as it is there
        assert [*page.evaluate(ALL)] == [part for part in page.evaluate(ALL) if part in found[0]]


@pytest.mark.parametrize("top", [309, 312])  # a row and a bit of another, and exactly one
def test_what_lies_under_one_of_them_is_found(page: Page, top: int) -> None:
    def with_box(top: int) -> None:
        box = f'<div class="box" style="z-index: -1; top: {top}px"></div>'
        show(page, f'<div style="position: relative; z-index: 0">{box}{ROWS}</div>')

    with_box(-500)
    assert faults.axe(page) == []
    with_box(top)
    assert len(faults.axe(page)) == len(page.evaluate(ALL)) == 1


def test_each_theme_and_each_width_is_looked_at(page: Page) -> None:
    show(page, ROWS, '<p class="at-night">For the day</p>')
    assert faults.axe(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert len(faults.colours(page)) == 1
    show(page, ROWS, '<p class="narrow">For telephones</p>')
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert faults.axe(page) == []
    page.set_viewport_size(NARROW)
    assert len(faults.axe(page)) == 1


def test_what_has_no_name_and_what_sticks_out_is_found(page: Page) -> None:
    page.set_viewport_size(NARROW)
    show(page, ROWS, '<button type="button"></button><p style="width: 500px">wide</p>')
    assert [one.split(":")[0] for one in faults.axe(page)] == ["button-name"]
    assert len(faults.sticking_out(page)) == 1
