"""What is wrong with a page, for whoever sees it: what keeps people out, and what sticks out.

Most of the time goes into whether words can be read against their ground. That is asked of one
element of each look: what stands there is drawn from the same colours, sizes and grounds as what
was asked before, and nothing else lies where it stands (`_LOOKS` says it exactly).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from weakref import WeakSet

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.browsing import NARROW, WIDE

_LOOKS = r"""
window.looks = () => {
  const PARTS = ["color", "backgroundColor", "backgroundImage", "backgroundClip", "opacity",
    "filter", "mixBlendMode", "fontSize", "fontWeight", "textShadow", "webkitTextStroke",
    "position", "zIndex", "visibility"];
  const PAINTED = "img, svg, canvas, video, iframe, input, select, textarea, button";
  const short = (text) => {  // 53 bits of it
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 2654435761), b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
  };
  const chains = new Map(), boxes = new Map(), bands = new Map();
  const box = (one) => {
    if (!boxes.has(one)) boxes.set(one, one.getBoundingClientRect());
    return boxes.get(one);
  };
  // What lies at the same height is found in the same bands.
  const bands_of = function* (its) {
    for (let at = Math.floor(its.top / 64); at <= its.bottom / 64; at++) yield at;
  };
  const paint = (style) => [style.backgroundColor, style.backgroundImage].join();
  const CLEAR = "rgba(0, 0, 0, 0),none";
  // Its own look and that of all around it.
  const chain = (one) => {
    if (chains.has(one)) return chains.get(one);
    const above = one.parentElement ? chain(one.parentElement) : "", style = getComputedStyle(one);
    const of_it = PARTS.map((part) => style[part]);
    for (const pseudo of ["::before", "::after"]) {
      const drawn = getComputedStyle(one, pseudo);
      if (drawn.content !== "none") of_it.push(drawn.content, drawn.position, paint(drawn));
    }
    const found = short([above, one.localName, one.getAttribute("class"), ...of_it].join("|"));
    chains.set(one, found);
    return found;
  };
  for (const one of document.querySelectorAll("body *")) {
    if (paint(getComputedStyle(one)) === CLEAR && !one.matches(PAINTED)) continue;
    const its = box(one);
    if (!its.width || !its.height) continue;
    for (const band of bands_of(its)) {
      if (!bands.has(band)) bands.set(band, []);
      bands.get(band).push(one);
    }
  }
  // What else is painted where it stands, over it or under it, and how the two lie.
  const beside = (one) => {
    const mine = box(one), found = [];
    for (const other of new Set([...bands_of(mine)].flatMap((band) => bands.get(band) ?? []))) {
      const its = box(other);
      if (its.left >= mine.right - 1 || its.right <= mine.left + 1) continue;
      if (its.top >= mine.bottom - 1 || its.bottom <= mine.top + 1) continue;
      if (other.contains(one) || one.contains(other)) continue;
      const lies = [its.left - mine.left, its.top - mine.top, its.width, its.height];
      const both = [mine.width, mine.height, ...lies].map((pixels) => pixels.toFixed(1));
      found.push([chain(other), ...both].join());
    }
    return found.sort().join(";");
  };
  return (one) => {
    const texts = [...one.childNodes].filter((it) => it instanceof Text);
    const text = texts.map((it) => it.data).join("").trim();
    if (!text && !one.matches("input, select, textarea")) return "";
    if (!one.checkVisibility({ visibilityProperty: true })) return "";
    // axe does not judge single characters, nor what are all signs.
    const said = [[...text].length > 1, /[\p{L}\p{N}]/u.test(text)];
    return short([chain(one), ...said, beside(one)].join("|"));
  };
};
"""
"""The look of an element, in a word; none where there is nothing to be read. Two that look the same
have the same tags, classes, colours, sizes and places in the stack from the page's root down to
them; and what is neither around nor within them, but lies where they stand, is the same and lies
there in the same way."""

_ASK = """async ([options, known]) => {
  const rule = axe._audit.getRule("color-contrast"), whole = rule.matches;
  const look = looks(), seen = new Set(known), asked = new Map();
  rule.matches = (one, ...more) => {
    const its = look(one);
    if (!its || seen.has(its) || !whole.call(rule, one, ...more)) return false;
    seen.add(its);
    asked.set(one, its);
    return true;
  };
  try {
    const found = await axe.run(document, {resultTypes: ["violations"], ...options});
    return {faults: found.violations, asked: [...asked.values()]};
  } finally {
    rule.matches = whole;
  }
}"""
"""Everything that axe asks; of words only those whose look is not known yet, and then it is."""

_COLOURS = {"runOnly": ["color-contrast"]}
_read: set[str] = set()
"""Looks of which this process has found that they can be read."""
_ready: WeakSet[Page] = WeakSet()
"""Pages that bring axe along wherever they go."""


@cache
def _scripts() -> str:
    return f"{Axe().axe_script}\n{_LOOKS}"


def axe(page: Page, **options: Any) -> list[str]:
    """What keeps people out, in words."""
    if not page.evaluate("Boolean(window.looks)"):
        page.evaluate(_scripts())
    if page not in _ready:
        page.add_init_script(_scripts())
        _ready.add(page)
    found = page.evaluate(_ASK, [options, list(_read)])
    if "color-contrast" not in {one["id"] for one in found["faults"]}:
        _read.update(found["asked"])
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found["faults"]
        for node in one["nodes"][:3]
    ]


def colours(page: Page) -> list[str]:
    """What cannot be read against its ground, and nothing else."""
    return axe(page, **_COLOURS)


def sticking_out(page: Page) -> list[str]:
    """What makes the page wider than its window."""
    found = page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.scrollingElement.scrollWidth <= wide) return [];
          return [...document.querySelectorAll("body *")]
            .filter((one) => one.getBoundingClientRect().right > wide + 1)
            .slice(0, 8)
            .map((one) => `${one.tagName}.${one.className} ${one.getBoundingClientRect().right}`);
        }"""
    )
    return [f"wider than {page.viewport_size}: {one}" for one in found or []]


def faults(page: Page, address: str) -> list[str]:
    """Everything that is wrong with one page, in both themes and both widths."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    answer = page.goto(address)
    assert answer is not None
    if answer.status >= 500:
        return [f"{address}: {answer.status}"]
    expect(page.locator(".htmx-request")).to_have_count(0)
    found = [*axe(page), *sticking_out(page)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"dark: {one}" for one in colours(page)]
    page.set_viewport_size(NARROW)
    found += [f"narrow: {one}" for one in (*axe(page), *sticking_out(page))]
    return [f"{address}: {one}" for one in dict.fromkeys(found)]


def all_faults(page: Page, addresses: Sequence[str]) -> list[str]:
    """The same of several."""
    return [one for address in addresses for one in faults(page, address)]
