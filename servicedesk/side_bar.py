"""The side bar's links, drawn without a template: every page has a dozen."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString

from servicedesk.frame import SideLink, SideSection
from servicedesk.parts import e, safe
from servicedesk.templatetags.desk import icon


def sections(some: Iterable[SideSection], path: str) -> SafeString:
    """Each section with its links; `path` is the page one is on."""
    return safe("\n      ".join(_section(one, path) for one in some))


def _section(one: SideSection, path: str) -> str:
    links = "\n          ".join(_link(link, path) for link in one.links)
    return (
        f'<section>\n        <h2 class="side-heading">{e(one.title)}</h2>\n'
        f"        <ul>\n          {links}\n        </ul>\n      </section>"
    )


def _link(one: SideLink, path: str) -> str:
    here = ' aria-current="page"' if one.current or one.url == path else ""
    count = ""
    if one.count is not None:
        tone = f' data-tone="{e(one.tone)}"' if one.tone else ""
        count = f' <data value="{e(one.count)}"{tone}>{e(one.count)}</data>'
    return (
        f'<li><a class="side-link" href="{e(one.url)}"{here}>{icon(one.icon)} '
        f"<span>{e(one.label)}</span>{count}</a></li>"
    )
