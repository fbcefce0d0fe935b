"""What stands around every page: the links of the side bar, and the words after a deed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.module_loading import import_string

UNDO = "undo:"


@dataclass(frozen=True, slots=True)
class SideLink:
    """One link of the side bar. `tone` colours its count: late, warning, waiting, good."""

    label: str
    url: str
    icon: str = "dot"
    count: int | str | None = None
    tone: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class SideSection:
    """Some links under one heading."""

    title: str
    links: Sequence[SideLink]


SideBuilder = Callable[[HttpRequest], Iterable[SideSection]]


def side_sections(request: HttpRequest) -> list[SideSection]:
    """Collect what the page packages put into the side bar of this person.

    `request.side`, where a view has set it, is all there is; else each function named in the
    setting SIDE_BAR gives its sections, in that order. Nobody signed in: none.
    """
    given = getattr(request, "side", None)
    if given is not None:
        return list(given)
    if not request.user.is_authenticated:
        return []
    builders: list[SideBuilder] = [
        import_string(name) for name in getattr(settings, "SIDE_BAR", ())
    ]
    return [section for build in builders for section in build(request) if section.links]


def tell(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Say on the next page what has happened; `undo_url` takes a POST that takes it back."""
    messages.success(request, text, extra_tags=UNDO + undo_url if undo_url else "")


def warn(request: HttpRequest, text: str) -> None:
    """Say on the next page what has not happened, and why; it stays until it is put away."""
    messages.error(request, text)
