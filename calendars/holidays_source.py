"""Public holidays by country and subdivision, from the `holidays` library, with English names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays
from holidays import registry


class UnknownCountry(ValueError):
    """No public holidays are known for this country or subdivision; the message says which."""


def countries() -> dict[str, list[str]]:
    """The codes of countries (ISO 3166, such as IE) and of their subdivisions."""
    return holidays.list_supported_countries(include_aliases=False)


@cache
def country_names() -> dict[str, str]:
    """Countries by their code, in the order of their English names: {"IE": "Ireland"}."""
    names = {
        entry[1]: module.replace("_", " ").title() for module, entry in registry.COUNTRIES.items()
    }
    found = {code: names.get(code, code) for code in countries() if len(code) == 2}
    return dict(sorted(found.items(), key=lambda one: one[1]))


@cache
def subdivision_names(country: str) -> dict[str, str]:
    """The parts of a country that have holidays of their own, by code: {"20": "Região …"}.

    None for a country that is not known.
    """
    known = countries().get(country) or []
    if not known:
        return {}
    aliases = getattr(holidays.country_holidays(country), "subdivisions_aliases", {})
    names = {code: name for name, code in aliases.items()}
    found = {code: names.get(code, code) for code in known}
    return dict(sorted(found.items(), key=lambda one: one[1]))


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
