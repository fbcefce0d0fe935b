"""What the side bar holds for administrators."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import User
from servicedesk.frame import SideLink, SideSection


def sections(request: HttpRequest) -> list[SideSection]:
    """The way to each page of the administration; no query."""
    user: User = request.user  # type: ignore[assignment]
    if not user.is_administrator:
        return []
    match = request.resolver_match
    here = match.url_name or "" if match and match.namespace == "administration" else ""
    pages = [
        ("people", _("People"), "users", ("people", "person", "new_person", "leave")),
        ("departments", _("Departments"), "building-2", ("departments", "department", "team")),
        ("organisation", _("Organisation"), "landmark", ("organisation",)),
        ("directory", _("Directory file"), "file-up", ("directory", "directory_file")),
        ("audit", _("Audit"), "scroll-text", ("audit",)),
    ]
    links = [
        SideLink(label, reverse(f"administration:{name}"), icon, current=here in mine)
        for name, label, icon, mine in pages
    ]
    return [SideSection(_("Administration"), links)]
