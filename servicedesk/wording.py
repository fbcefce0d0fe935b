"""How moments, lengths of time and names are put into words. Pure: time and zone are arguments.

Promises need some of these words too; slas/wording.py has those, and pages find them all here.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from slas.wording import date_words, day, duration, moment

__all__ = [
    "date_words",
    "day",
    "duration",
    "initials",
    "moment",
    "size",
    "whole_moment",
    "zone_name",
]


def whole_moment(at: datetime) -> str:
    """Say everything about a local moment: "Monday 16 November 2026, 09:58 (Europe/Dublin)"."""
    zone = getattr(at.tzinfo, "key", None) or at.tzname() or ""
    return f"{date_words(at.date(), 'l j F Y')}, {at.strftime('%H:%M')} ({zone})"


def zone_name(at: datetime) -> str:
    """Name the zone of a local moment as its clock does, such as GMT or CET."""
    return at.tzname() or ""


def initials(name: str) -> str:
    """Take the first letters of the first and the last word of a name: "Inês de Sá" is "IS"."""
    words = [word for word in name.split() if word[0].isalpha()]
    if not words:
        return ""
    ends = words[:1] if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def size(count: int) -> str:
    """Say how big a file is, in bytes: "12 KB", "3.4 MB"."""
    if count < 1_000_000:
        return gettext("%(count)d KB") % {"count": max(1, round(count / 1000))}
    return gettext("%(count).1f MB") % {"count": count / 1_000_000}
