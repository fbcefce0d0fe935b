"""Public holidays by country and subdivision, from the `holidays` library, with English names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays


class UnknownCountry(ValueError):
    """No public holidays are known for this country or subdivision; the message says which."""


def countries() -> dict[str, list[str]]:
    """The codes of countries (ISO 3166, such as IE) and of their subdivisions."""
    return holidays.list_supported_countries(include_aliases=False)


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> dict[date, str]:
    """The public holidays of these years, in order, with their names.

    An empty country has none. Raises UnknownCountry.
    """
    if not country:
        if subdivision:
            raise UnknownCountry(f"“{subdivision}” is part of which country?")
        return {}
    return dict(_written_out(country, subdivision, tuple(sorted(set(years)))))


@cache
def _written_out(country: str, subdivision: str, years: tuple[int, ...]) -> dict[date, str]:
    """Kept in the process: every department of a country asks for the same years."""
    known = countries().get(country)
    if known is None:
        raise UnknownCountry(
            f"No public holidays are known for “{country}”; use a country code such as IE."
        )
    if subdivision and subdivision not in known:
        choices = f"it has {', '.join(known)}" if known else "it has none"
        raise UnknownCountry(f"“{subdivision}” is no subdivision of {country}; {choices}.")
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=years,
        language=_english(country),
    )
    return dict(sorted(found.items()))


def _english(country: str) -> str | None:
    """The language in which names are written: the country's own English, or else American."""
    source = holidays.country_holidays(country)
    own = source.default_language or ""
    if own.startswith("en") or "en_US" not in source.supported_languages:
        return source.default_language
    return "en_US"
