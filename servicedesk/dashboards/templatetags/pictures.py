"""The tiles and pictures of the overview."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from servicedesk.dashboards import drawing
from servicedesk.parts import safe

register = template.Library()


@register.simple_tag
def tiles(some: Any, meaning_url: str) -> SafeString:
    """Draw figures: {% tiles tiles meaning_url %}; at the address their meanings are said."""
    return safe("".join(drawing.tile(one, meaning_url) for one in some))


@register.simple_tag
def picture(one: Any, title: str, about: Any, meaning_url: str) -> SafeString:
    """Draw a picture under its question: {% picture trend title meanings.late meaning_url %}."""
    return drawing.picture(one, title, about, meaning_url)
