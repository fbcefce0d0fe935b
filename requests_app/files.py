"""Files of a request: kept in the database in pieces, staged first, then attached by a deed.

A file is staged by whoever uploads it and belongs to nobody else until a deed, in its own
transaction, attaches it to a request; what is never attached expires after a day.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.answers import BadAnswers
from catalogue.fields import Kind
from people.prepared import prepared
from requests_app import file_types
from requests_app.errors import Refused
from requests_app.file_types import Unfit
from requests_app.models import Attachment, FileChunk, Message, ServiceRequest

if TYPE_CHECKING:
    from typing import BinaryIO

    from catalogue.fields import FormSpec
    from people.models import User

CHUNK = 256 * 1024
"""Bytes of one piece: what reading or writing a file takes of memory, however large it is."""
MOST_FILES = 10
"""With one message."""
MOST_STAGED = 50
"""Of one person, waiting to be sent."""
STAGED_FOR = timedelta(days=1)
LONGEST_NAME = 120

_WHY = {
    file_types.EMPTY: gettext_lazy("“%(name)s” is empty."),
    file_types.UNKNOWN: gettext_lazy(
        "“%(name)s” is of a kind that is not taken. Send it as PDF, picture, text, CSV, "
        "Office or OpenDocument file, mail (.eml) or ZIP."
    ),
    file_types.LIES: gettext_lazy(
        "“%(name)s” is not what its name says it is. Save it anew in its own format."
    ),
    file_types.BOMB: gettext_lazy("“%(name)s” would unpack to far too much."),
    file_types.BROKEN: gettext_lazy("“%(name)s” cannot be read. It may be damaged."),
}
_GONE = gettext_lazy("A file is no longer here. Please choose it again.")


def accepted() -> str:
    """The endings that are taken, as the `accept` of a file field."""
    return ",".join(f".{one}" for one in file_types.TYPES)


def clean_name(given: str) -> str:
    """A name that can be shown and saved anywhere: no path, no unseen signs, not too long."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(" " if unicodedata.category(c).startswith("Z") else c for c in name)
    name = "".join(c for c in name if not unicodedata.category(c).startswith("C"))
    name = " ".join(name.split()).strip(". ")
    for sign in '<>:"|?*%#&;':
        name = name.replace(sign, "_")
    stem, dot, end = name.rpartition(".")
    if not dot:
        return name[:LONGEST_NAME] or _("file")
    return f"{stem[: LONGEST_NAME - len(end[:10]) - 1].rstrip()}.{end[:10]}"


# -- Staging -------------------------------------------------------------------------------------


def stage(file: IO[bytes] | Any, name: str, *, by: User, at: datetime) -> Attachment:
    """Check a file and keep it for whoever uploads it, until a deed attaches it.

    `file` is open for reading from anywhere; it is read in pieces. Raises Refused, in words that
    name the file.
    """
    name = clean_name(name)
    readable = cast("BinaryIO", file)
    readable.seek(0, 2)
    size = readable.tell()
    if size > settings.FILE_MOST_BYTES:
        raise Refused(
            _("“%(name)s” is larger than %(limit)s.")
            % {"name": name, "limit": filesizeformat(settings.FILE_MOST_BYTES)},
            "files",
        )
    try:
        content_type = file_types.judge(name, readable)
    except Unfit as unfit:
        raise Refused(str(_WHY[unfit.why]) % {"name": name}, "files") from None
    if staged_of(by).count() >= MOST_STAGED:
        raise Refused(
            _("%d files of yours wait to be sent. Send or leave some of them first.") % MOST_STAGED,
            "files",
        )
    return _write(readable, name, content_type, size, by, at)


@transaction.atomic
def _write(
    file: BinaryIO, name: str, content_type: str, size: int, by: User, at: datetime
) -> Attachment:
    kept = Attachment.objects.create(
        uploaded_by=by, at=at, name=name, content_type=content_type, size=size
    )
    digest = hashlib.sha256()
    file.seek(0)
    number = 0
    while data := file.read(CHUNK):
        digest.update(data)
        FileChunk.objects.create(attachment=kept, number=number, data=data)
        number += 1
    kept.digest = digest.hexdigest()
    kept.save(update_fields=["digest"])
    return kept


def staged_of(by: User, ids: Iterable[int] | None = None) -> QuerySet[Attachment]:
    """What the person uploaded and has not sent yet, all of it or those of `ids`."""
    rows = Attachment.objects.filter(uploaded_by=by, service_request=None).order_by("pk")
    return rows if ids is None else rows.filter(pk__in=list(ids))


def uploaded(by: User, ids: Iterable[int]) -> list[Attachment]:
    """Those of `ids` that the person uploaded, sent or not: a form sent twice names them twice."""
    return list(Attachment.objects.filter(uploaded_by=by, pk__in=list(ids)).order_by("pk"))


def expire(now: datetime, *, batch: int = 200) -> int:
    """Forget what was staged a day ago and never sent; returns how many files."""
    gone = 0
    while True:
        old = Attachment.objects.filter(service_request=None, at__lte=now - STAGED_FOR)
        ids = list(old.order_by("pk").values_list("pk", flat=True)[:batch])
        with transaction.atomic():
            held = Attachment.objects.select_for_update(skip_locked=True)
            pks = list(held.filter(pk__in=ids, service_request=None).values_list("pk", flat=True))
            FileChunk.objects.filter(attachment__in=pks).delete()
            Attachment.objects.filter(pk__in=pks).delete()
        gone += len(pks)
        if len(ids) < batch or not pks:
            return gone


# -- Attaching -----------------------------------------------------------------------------------


def attach(message: Message, ids: Sequence[int], *, by: User | None) -> None:
    """Put staged files under a message, within the deed's transaction. Raises Refused."""
    wanted = set(ids)
    if not wanted:
        return
    if len(wanted) > MOST_FILES:
        raise Refused(_("At most %d files go with one message.") % MOST_FILES, "files")
    rows = staged_of(by, wanted).select_for_update() if by else Attachment.objects.none()
    if {row.pk for row in rows} != wanted:
        raise Refused(str(_GONE), "files")
    Attachment.objects.filter(pk__in=wanted).update(
        service_request=message.service_request_id, message=message, is_public=message.is_public
    )


def attach_answers(service_request: ServiceRequest, spec: FormSpec, *, by: User) -> None:
    """Put the staged files that answer the form under the request. Raises BadAnswers."""
    errors: dict[str, str] = {}
    taken: set[int] = set()
    for one in spec.fields:
        answer = service_request.answers.get(one.key)
        if one.kind is not Kind.FILE or not answer:
            continue
        pk = answer["file"]
        rows = staged_of(by, [pk]).select_for_update()
        if pk in taken or not rows.exists():
            errors[one.key] = str(_GONE)
            continue
        taken.add(pk)
        Attachment.objects.filter(pk=pk).update(
            service_request=service_request, is_public=not one.provider_only
        )
    if errors:
        raise BadAnswers(errors)


# -- Reading -------------------------------------------------------------------------------------


def readable(service_request: ServiceRequest, *, provider: bool) -> QuerySet[Attachment]:
    """The files of a request that its reader may open; those of notes are the provider's alone."""
    visible = Q() if provider else Q(is_public=True)
    return Attachment.objects.filter(visible, service_request=service_request).order_by("pk")


def with_messages(
    service_request: ServiceRequest, message_ids: Iterable[int], *, provider: bool
) -> list[Attachment]:
    """The files of these messages, and those that answer the form; one query."""
    public = (True, False) if provider else (True,)
    return _with_messages(service_request.pk, list(message_ids), public)


@prepared
def _with_messages(
    service_request_id: int, message_ids: Collection[int], public: Collection[bool]
) -> QuerySet[Attachment]:
    found = Attachment.objects.filter(service_request=service_request_id, is_public__among=public)
    return found.filter(Q(message__among=message_ids) | Q(message=None)).order_by("pk")


def content(attachment: Attachment) -> Iterator[bytes]:
    """The file, piece by piece: one query and one piece of memory for each."""
    pieces = FileChunk.objects.filter(attachment=attachment)
    for number in range(-(-attachment.size // CHUNK)):
        yield bytes(pieces.values_list("data", flat=True).get(number=number))


def head(attachment: Attachment) -> bytes:
    """The beginning of the file, enough to know it by its signature."""
    return next(content(attachment), b"")[: file_types.HEAD]
