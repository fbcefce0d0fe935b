"""What comes with a form as files: bounded while it is read, staged before the form is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app import files
from requests_app.errors import Refused
from requests_app.models import Attachment
from servicedesk.signed_in import SignedInRequest


class NoLargerThanKept(FileUploadHandler):
    """Reads a file up to the size that is kept and a little more; what follows goes nowhere.

    So a file that is too large fills neither memory nor disk, and is still known as too large.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand on what begins within the limit."""
        return raw_data if start <= settings.FILE_MOST_BYTES else None

    def file_complete(self, file_size: int) -> Any:
        """The next handlers make the file."""
        return None


@dataclass(frozen=True, slots=True)
class Staged:
    """The files of a form under way: those kept for it, and why others were not."""

    files: Sequence[Attachment] = ()
    errors: Sequence[str] = ()

    @property
    def ids(self) -> list[int]:
        """Of those kept."""
        return [one.pk for one in self.files]

    @property
    def mark(self) -> str:
        """The same for the same files, however often they were uploaded."""
        return " ".join(sorted(f"{one.name} {one.digest}" for one in self.files))


def staged(request: SignedInRequest, field: str = "files", most: int = files.MOST_FILES) -> Staged:
    """Keep what was uploaded in this field, beside what was kept before and is still wanted.

    Earlier ones stand in `<field>-kept`, as ids; those of somebody else, and those that have
    expired, are passed over and said so.
    """
    given = [text for text in request.POST.getlist(f"{field}-kept") if _is_id(text)]
    wanted = {int(text) for text in given[: 2 * most]}
    kept = files.uploaded(request.user, wanted)
    errors = []
    if len(kept) < len(wanted):
        errors.append(_("A file is no longer here. Please choose it again."))
    uploads = request.FILES.getlist(field)
    if most == 1 and uploads:
        kept, uploads = [], uploads[:1]  # the one chosen last answers
    if len(kept) + len(uploads) > most:
        errors.append(_("At most %d files go with one message.") % most)
        uploads = uploads[: max(most - len(kept), 0)]
    now = timezone.now()
    for upload in uploads:
        try:
            kept.append(files.stage(upload, upload.name or "", by=request.user, at=now))
        except Refused as refused:
            errors.append(str(refused.message))
    return Staged(kept, errors)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
