"""Shares and lines of the table that says who needs help."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from servicedesk.dashboards import drawing

register = template.Library()


@register.simple_tag
def share(one: Any, url: Any = "") -> SafeString:
    """Draw a share: {% share line.ready url %}."""
    return drawing.share(one, str(url or ""))


@register.simple_tag
def breakdown_lines(lines: Any, labels: Any, with_satisfied: Any) -> SafeString:
    """Draw the rows: {% breakdown_lines lines labels True %}."""
    return drawing.lines(lines, labels, with_satisfied=bool(with_satisfied))
