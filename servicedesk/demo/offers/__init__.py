"""What the departments of Harbour & Pine offer, and what their colleagues ask of them."""

from __future__ import annotations

from servicedesk.demo.offers import (
    data,
    design,
    facilities,
    finance,
    it,
    legal,
    marketing,
    people,
    procurement,
    sales,
)
from servicedesk.demo.offers.shape import Matter, Offer

__all__ = ["OFFERS", "Matter", "Offer", "offer"]

OFFERS: tuple[Offer, ...] = (
    *it.OFFERS,
    *people.OFFERS,
    *facilities.OFFERS,
    *finance.OFFERS,
    *legal.OFFERS,
    *procurement.OFFERS,
    *marketing.OFFERS,
    *sales.OFFERS,
    *design.OFFERS,
    *data.OFFERS,
)

_BY_ADDRESS = {(one.department, one.slug): one for one in OFFERS}


def offer(department: str, slug: str) -> Offer:
    """The offer at that address."""
    return _BY_ADDRESS[department, slug]
