"""What is done to services: registered, described, opened, retired; their forms in versions."""

from catalogue.actions.forms import (
    discard_draft,
    draft_of,
    keep_draft,
    publish_draft,
    publish_form,
    undo_draft,
)
from catalogue.actions.general import ensure_general, ensure_unknown
from catalogue.actions.life import Details, change, create, details_of, publish, retire

__all__ = [
    "Details",
    "change",
    "create",
    "details_of",
    "discard_draft",
    "draft_of",
    "ensure_general",
    "ensure_unknown",
    "keep_draft",
    "publish",
    "publish_draft",
    "publish_form",
    "retire",
    "undo_draft",
]
