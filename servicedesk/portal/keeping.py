"""A service's form between two visits: what was typed is kept, and stands there again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import QueryDict

from catalogue.fields import FormSpec, Kind
from catalogue.models import Service
from people.models import User
from requests_app import drafts
from requests_app.models import Draft

PREFIX = "q_"
"""Before the key of each of the service's own questions: none takes another field's name."""
CHOSEN_FROM_THE_START = ("urgency", "impact")
"""By themselves they are nothing that anyone typed."""
A_FILE = "file"


def keep(spec: FormSpec, data: QueryDict, service: Service, *, by: User, at: datetime) -> bool:
    """Keep what was typed so far, and say whether there was anything.

    Raises ValueError for a form without its key, Refused for what is too long.
    """
    typed = {
        name: [text.replace("\x00", "") for text in data.getlist(name)]
        for name in _names(spec)
        if name in data
    }
    if not any(any(texts) for name, texts in typed.items() if name not in CHOSEN_FROM_THE_START):
        typed = {}
    key = uuid.UUID(data.get("key", ""))
    return drafts.keep(by, service, answers=typed, key=key, at=at) is not None


def typed_before(spec: FormSpec, kept: Draft | None) -> dict[str, Any]:
    """What stands in the form at first; answers to what is asked no longer are left out."""
    if kept is None:
        return {}
    several = {PREFIX + one.key for one in spec.for_requester() if one.kind is Kind.CHOICES}
    known = _names(spec)
    return {
        name: values if name in several else values[-1]
        for name, values in kept.answers.items()
        if name in known and values
    }


def _names(spec: FormSpec) -> set[str]:
    own = {PREFIX + one.key for one in spec.for_requester() if one.kind != A_FILE}
    return own | {"requester", *CHOSEN_FROM_THE_START}
