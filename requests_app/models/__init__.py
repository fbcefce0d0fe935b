"""Service requests and their memory: the row, its events, its messages, who else is on it."""

from requests_app.models.asking import Draft, Favourite
from requests_app.models.conversation import (
    Message,
    Participant,
    PastProvider,
    Presence,
    ReplyDraft,
)
from requests_app.models.figures import (
    Change,
    Count,
    FlowChange,
    FlowCount,
    Kept,
    Step,
    StepQuerySet,
    Usual,
)
from requests_app.models.files import Attachment, FileChunk
from requests_app.models.queue_tools import CannedReply, SavedView
from requests_app.models.search import SearchText
from requests_app.models.service_request import (
    NOTHING_DUE,
    STANDING_STILL,
    STATUS_CHOICES,
    ServiceRequest,
    ServiceRequestQuerySet,
)
from requests_app.models.timeline import Event

__all__ = [
    "NOTHING_DUE",
    "STANDING_STILL",
    "STATUS_CHOICES",
    "Attachment",
    "CannedReply",
    "Change",
    "Count",
    "Draft",
    "Event",
    "Favourite",
    "FileChunk",
    "FlowChange",
    "FlowCount",
    "Kept",
    "Message",
    "Participant",
    "PastProvider",
    "Presence",
    "ReplyDraft",
    "SavedView",
    "SearchText",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "Step",
    "StepQuerySet",
    "Usual",
]
