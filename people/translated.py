"""`gettext`, with its answers remembered: a page of fifty rows asks it five hundred times.

Django looks each text up anew, through every catalogue. What a catalogue says in a language does
not change while the desk runs. It lies in this package because every other one may import it.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation


def gettext(message: str) -> str:
    """The text in the reader's language, as `django.utils.translation.gettext` gives it."""
    return _said(translation.get_language(), message)


@lru_cache(maxsize=4096)
def _said(_language: str | None, message: str) -> str:
    return translation.gettext(message)
