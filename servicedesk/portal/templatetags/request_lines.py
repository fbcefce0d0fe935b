"""Requests in a list, for the templates of the portal."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from servicedesk.portal import drawing

register = template.Library()


@register.simple_tag
def own_lines(rows: Any, shared: Any, when: Any) -> SafeString:
    """Draw requests as their requester reads them: {% own_lines rows.rows shared when %}."""
    return drawing.own_lines(rows, shared=bool(shared), when=bool(when))


@register.simple_tag
def found_lines(rows: Any, reader: Any) -> SafeString:
    """Draw requests that were found: {% found_lines requests.rows.rows reader %}."""
    return drawing.found_lines(rows, reader)
