"""Lists paged by key: a page costs the same wherever it lies, and nothing slips by between two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

ROWS = 50
LARGEST_KEY = 2**63 - 1

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and the addresses of what comes before and after."""

    rows: Sequence[Row]
    newer: str = ""
    """Address of what stands before these rows; empty at the start."""
    older: str = ""
    """Address of what follows; empty at the end."""


def page_of(
    request: HttpRequest, queryset: QuerySet[Row], *keys: str, size: int = ROWS
) -> Page[Row]:
    """Read the page that the address asks for: `?after=<id>` or `?before=<id>`.

    `keys` are the columns of the order, all ascending or all with a minus, the last one unique;
    without any it is the newest first. An id of no row here starts the list anew. One query; two
    where the order is not by id alone, or on a page in the middle.
    """
    keys = keys or ("-pk",)
    after, before = number_in(request, "after"), number_in(request, "before")
    if before and not after:
        return _backward(request, queryset, keys, _place(queryset, keys, before), size)
    return _forward(request, queryset, keys, _place(queryset, keys, after), size)


def page_of_ids(
    request: HttpRequest,
    ids: Sequence[int],
    read: Callable[[Sequence[int]], Sequence[Row]],
    *,
    size: int = ROWS,
) -> Page[Row]:
    """The same of a list whose ids are all known, the newest first; `read` fetches the rows."""
    after, before = number_in(request, "after"), number_in(request, "before")
    newer = [pk for pk in ids if pk > before] if before and not after else []
    if newer:
        return Page(
            read(newer[-size:]),
            newer=_address(request, before=newer[-size]) if len(newer) > size else "",
            older=_address(request, after=newer[-1]),
        )
    older = [pk for pk in ids if pk < after] if after else ids
    shown = older[:size]
    return Page(
        read(shown),
        newer=_address(request, before=shown[0]) if after and shown else "",
        older=_address(request, after=shown[-1]) if len(older) > size else "",
    )


def page_of_newest(
    request: HttpRequest,
    queryset: Callable[[], QuerySet[Row]],
    below: Callable[[int], Sequence[Row]],
) -> Page[Row]:
    """The same of a list by id, with the question of going on made ready.

    `below` reads the newest `ROWS` + 1 rows under an id.
    """
    after = number_in(request, "after")
    if number_in(request, "before") and not after:
        return page_of(request, queryset())
    return _going_on(request, below(after or LARGEST_KEY), ROWS, is_first=not after)


def number_in(request: HttpRequest, name: str) -> int:
    """The id that the address gives by this name; 0 where there is none, or it is no id."""
    text = request.GET.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number <= LARGEST_KEY else 0


def _place(queryset: QuerySet[Row], keys: Sequence[str], pk: int) -> tuple[Any, ...] | None:
    if not pk:
        return None
    if len(keys) == 1:
        return (pk,)
    return queryset.order_by().filter(pk=pk).values_list(*(key.lstrip("-") for key in keys)).first()


def _beyond(keys: Sequence[str], place: tuple[Any, ...], *, onward: bool) -> Q:
    """Rows that come after the place (or before it): a row comparison, written out."""
    rule, same = Q(), Q()
    for key, value in zip(keys, place, strict=True):
        name = key.lstrip("-")
        larger = onward is not key.startswith("-")
        rule |= same & Q(**{f"{name}__{'gt' if larger else 'lt'}": value})
        same &= Q(**{name: value})
    return rule


def _forward(
    request: HttpRequest,
    queryset: QuerySet[Row],
    keys: Sequence[str],
    place: tuple[Any, ...] | None,
    size: int,
) -> Page[Row]:
    if place:
        queryset = queryset.filter(_beyond(keys, place, onward=True))
    rows = list(queryset.order_by(*keys)[: size + 1])
    return _going_on(request, rows, size, is_first=not place)


def _going_on(request: HttpRequest, rows: Sequence[Row], size: int, *, is_first: bool) -> Page[Row]:
    more = len(rows) > size
    rows = rows[:size]
    return Page(
        rows,
        newer="" if is_first or not rows else _address(request, before=rows[0].pk),
        older=_address(request, after=rows[-1].pk) if more else "",
    )


def _backward(
    request: HttpRequest,
    queryset: QuerySet[Row],
    keys: Sequence[str],
    place: tuple[Any, ...] | None,
    size: int,
) -> Page[Row]:
    if place is None:
        return _forward(request, queryset, keys, None, size)
    turned = [key[1:] if key.startswith("-") else f"-{key}" for key in keys]
    found = queryset.filter(_beyond(keys, place, onward=False)).order_by(*turned)
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size][::-1]
    if not rows:
        return _forward(request, queryset, keys, None, size)
    return Page(
        rows,
        newer=_address(request, before=rows[0].pk) if more else "",
        older=_address(request, after=rows[-1].pk),
    )


def _address(request: HttpRequest, **place: int) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query.update({name: str(pk) for name, pk in place.items()})
    return f"?{query.urlencode()}"
