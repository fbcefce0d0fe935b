"""What a file is, judged by what is in it and not by what it calls itself; without Django.

The name's ending says what it claims to be, the content must bear it out. Archives are never
unpacked: their table of contents is read, entry by entry, and nothing else.
"""

from __future__ import annotations

import email
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from email.policy import compat32
from typing import BinaryIO

import puremagic

HEAD = 8192
"""Bytes of the beginning by which a signature is known."""
BLOCK = 256 * 1024
MOST_ENTRIES = 10_000
MOST_UNPACKED = 1024**3
"""Bytes that an archive may claim to hold."""
MOST_RATIO = 200
"""How many times its packed size an archive may claim to hold."""


class Unfit(ValueError):
    """A file that is not taken; `why` is one of the words below."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


EMPTY, UNKNOWN, LIES, BOMB, BROKEN = "empty", "unknown", "lies", "bomb", "broken"


@dataclass(frozen=True, slots=True)
class FileType:
    """One kind of file that is taken."""

    content_type: str
    shape: str
    """How it is judged: "signature", "text", "mail", "archive", "office", "open"."""
    folder: bytes = b""
    """Of an Office document: where in the archive its content stands."""


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

TYPES: dict[str, FileType] = {
    "pdf": FileType("application/pdf", "signature"),
    "png": FileType("image/png", "signature"),
    "jpg": FileType("image/jpeg", "signature"),
    "jpeg": FileType("image/jpeg", "signature"),
    "gif": FileType("image/gif", "signature"),
    "webp": FileType("image/webp", "signature"),
    "txt": FileType("text/plain", "text"),
    "log": FileType("text/plain", "text"),
    "csv": FileType("text/csv", "text"),
    "eml": FileType("message/rfc822", "mail"),
    "zip": FileType("application/zip", "archive"),
    "docx": FileType(_OFFICE + "wordprocessingml.document", "office", b"word/"),
    "xlsx": FileType(_OFFICE + "spreadsheetml.sheet", "office", b"xl/"),
    "pptx": FileType(_OFFICE + "presentationml.presentation", "office", b"ppt/"),
    "odt": FileType(_OPEN + "text", "open"),
    "ods": FileType(_OPEN + "spreadsheet", "open"),
    "odp": FileType(_OPEN + "presentation", "open"),
}
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a page may show as a picture."""
SHOWN = PICTURES | {"application/pdf"}
"""What may open in a tab of its own."""


def ending(name: str) -> str:
    """The ending of a file's name, in small letters; empty where it has none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def judge(name: str, file: BinaryIO) -> str:
    """The content type of a file, whose content bears out what its name claims. Raises Unfit.

    Reads in blocks; leaves the file wherever it was last read.
    """
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Unfit(EMPTY)
    claimed = TYPES.get(ending(name))
    if claimed is None:
        raise Unfit(UNKNOWN)
    if claimed.shape == "signature":
        _signature(claimed.content_type, head)
    elif claimed.shape in ("text", "mail"):
        _text(head, file)
        if claimed.shape == "mail":
            _mail(file)
    else:
        _archive(claimed, head, file)
    return claimed.content_type


def bears_out(content_type: str, head: bytes) -> bool:
    """Whether the beginning of a file is that of a type known by its signature."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return False
    best = max(one.confidence for one in found)
    return any(one.mime_type == content_type for one in found if one.confidence == best)


def _signature(content_type: str, head: bytes) -> None:
    if not bears_out(content_type, head):
        raise Unfit(LIES)


_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"MZ", b"{\\rtf")


def _text(head: bytes, file: BinaryIO) -> None:
    """Text holds no control signs but those of lines; UTF-16 says so at its beginning."""
    if head.startswith(_BINARY):
        raise Unfit(LIES)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            head[: len(head) // 2 * 2].decode("utf-16")
        except UnicodeDecodeError as error:
            if error.end < len(head) - 4:
                raise Unfit(LIES) from None
        return
    file.seek(0)
    while block := file.read(BLOCK):
        if block.translate(None, _TEXT):
            raise Unfit(LIES)


_TEXT = bytes(byte for byte in range(256) if byte >= 32 or byte in b"\t\n\r\f\x1b")
_HEADERS = ("from", "to", "subject", "date", "received", "message-id")


def _mail(file: BinaryIO) -> None:
    file.seek(0)
    top = file.read(BLOCK).lstrip().split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
    found = email.message_from_bytes(top, policy=compat32)
    if sum(name in found for name in _HEADERS) < 2:
        raise Unfit(LIES)


# -- Archives ------------------------------------------------------------------------------------

_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_MACROS = b"vbaproject.bin"


def _archive(claimed: FileType, head: bytes, file: BinaryIO) -> None:
    if not head.startswith((b"PK\x03\x04", _END)):
        raise Unfit(LIES)
    if claimed.shape == "open" and not head[30:].startswith(
        b"mimetype" + claimed.content_type.encode()
    ):
        raise Unfit(LIES)
    packed = unpacked = count = 0
    has_list = has_content = False
    for name, small, large in entries(file):
        count, packed, unpacked = count + 1, packed + small, unpacked + large
        if count > MOST_ENTRIES or unpacked > MOST_UNPACKED:
            raise Unfit(BOMB)
        has_list = has_list or name == b"[Content_Types].xml"
        has_content = has_content or name.startswith(claimed.folder)
        if claimed.shape == "office" and name.lower().endswith(_MACROS):
            raise Unfit(LIES)
    file.seek(0, 2)
    # an entry's packed size is a claim too: what the file itself weighs is none
    if unpacked > MOST_RATIO * max(min(packed, file.tell()), 1) and unpacked > BLOCK:
        raise Unfit(BOMB)
    if claimed.shape == "office" and not (has_list and has_content):
        raise Unfit(LIES)


def entries(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Name, packed and unpacked size of each entry, from the table of contents alone.

    Raises Unfit for a table that is not where it says, or is of the larger format that only
    archives of more than 65,535 entries or 4 GB need.
    """
    file.seek(0, 2)
    size = file.tell()
    tail = min(size, 65_557)
    file.seek(size - tail)
    last = file.read(tail)
    at = last.rfind(_END)
    if at < 0 or len(last) - at < 22:
        raise Unfit(BROKEN)
    total, length, offset = struct.unpack("<10xHLL2x", last[at : at + 22])
    if total == 0xFFFF or 0xFFFFFFFF in (length, offset):
        raise Unfit(BOMB)
    start = size - tail + at - length
    if start < 0 or start != offset:
        raise Unfit(BROKEN)
    file.seek(start)
    left = length
    while left > 0:  # the table's own length, not the number of entries that it claims
        fixed = file.read(46)
        if len(fixed) < 46 or not fixed.startswith(_ENTRY):
            raise Unfit(BROKEN)
        small, large, name, extra, comment = struct.unpack("<20xLLHHH12x", fixed)
        if 0xFFFFFFFF in (small, large):
            raise Unfit(BOMB)
        yield file.read(name), small, large
        file.seek(extra + comment, 1)
        left -= 46 + name + extra + comment
