"""Progress of long commands: a bar on a terminal, a line every tenth elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")

WIDTH = 30


def bar(things: Iterable[T], total: int, what: str, out: TextIO | None = None) -> Iterator[T]:
    """Hand on the things one by one, saying on `out` (stderr) how far it is and for how long."""
    out = out or sys.stderr
    started = time.monotonic()
    shown = -1
    steps = 100 if out.isatty() else 10
    for done, thing in enumerate(things, start=1):
        yield thing
        step = done * steps // max(total, 1)
        if step != shown:
            shown = step
            _show(out, done, total, what, time.monotonic() - started)
    if out.isatty():
        out.write("\n")


def _show(out: TextIO, done: int, total: int, what: str, seconds: float) -> None:
    words = f"{done:,} of {total:,} {what}, {seconds:.0f} s"
    if out.isatty():
        filled = WIDTH * done // max(total, 1)
        out.write(f"\r  [{'█' * filled}{'·' * (WIDTH - filled)}] {words}")
    else:
        out.write(f"  {words}\n")
    out.flush()
