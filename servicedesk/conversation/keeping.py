"""What was typed under a conversation, between two visits: kept, and offered again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict

from people.models import User
from requests_app import files, reply_drafts
from requests_app.models import ReplyDraft, ServiceRequest
from servicedesk.conversation.deeds import COMPOSER
from servicedesk.uploads import Staged

FILES = "files-kept"
TYPED = (
    "message",
    "mentions",
    FILES,
    "look_again_on",
    "third_party",
    "service",
    "wrong_department",
)
WORTH_KEEPING = frozenset({"message", "mentions", FILES})
"""The others are filled in from the start, or nothing without words."""
_DEEDS = frozenset(name for names in COMPOSER.values() for name in names)


def keep(
    data: QueryDict,
    service_request: ServiceRequest,
    *,
    by: User,
    at: datetime,
    deed: str = "",
    staged: Sequence[int] = (),
) -> bool:
    """Keep what stands in the composer, and say whether there was anything.

    `staged` are files that came with the form just now. Raises ValueError for a form without its
    key, Refused for what is too long.
    """
    typed = {
        name: [text.replace("\x00", "") for text in data.getlist(name)]
        for name in TYPED
        if name in data
    }
    if staged:
        typed[FILES] = [str(pk) for pk in staged]
    if not any(text.strip() for name in WORTH_KEEPING for text in typed.get(name, ())):
        typed = {}
    deed = deed or data.get("act", "")
    kept = reply_drafts.keep(
        by,
        service_request,
        deed=deed if deed in _DEEDS else "reply",
        typed=typed,
        key=uuid.UUID(data.get("key", "")),
        at=at,
    )
    return kept is not None


def typed_before(draft: ReplyDraft | None) -> dict[str, Any]:
    """What stands in the fields at first."""
    if draft is None:
        return {}
    return {
        name: values[-1]
        for name, values in draft.typed.items()
        if name in TYPED and name != FILES and values and values[-1]
    }


def staged_before(draft: ReplyDraft | None, user: User) -> Staged:
    """The files that wait to be sent with it, as far as they are still there; one query."""
    ids = [int(pk) for pk in draft.typed.get(FILES, ()) if pk.isdigit()] if draft else []
    return Staged(list(files.staged_of(user, ids))) if ids else Staged()
