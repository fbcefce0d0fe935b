"""`gettext`, with its answers remembered: a page of fifty rows asks it five hundred times.

Django looks each text up anew, through every catalogue. What a catalogue says in a language does
not change while the desk runs. It lies in this package because every other one may import it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from django.utils import translation

Say = Callable[[str], str]


def gettext(message: str) -> str:
    """The text in the reader's language, as `django.utils.translation.gettext` gives it."""
    return _said(translation.get_language(), message)


@lru_cache(maxsize=4096)
def _said(_language: str | None, message: str) -> str:
    return translation.gettext(message)


@cache
def gettext_in(language: str | None) -> Say:
    """`gettext` in this language, which must be the reader's: for hundreds of texts at once.

    To ask for the reader's language takes longer than to say something in it.
    """

    def gettext(message: str) -> str:
        return _said(language, message)

    return gettext
