"""Sharing the playing out among processes, each with a database connection of its own.

A new process imports this module before the desk is set up there; so what needs the desk is
imported only after `django.setup()`, inside the functions.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from servicedesk.demo.play import Cast
    from servicedesk.demo.story import Story

STORIES_AT_A_TIME = 8
"""Few, so that references grow with time whoever plays."""
OPINIONS_AT_A_TIME = 25
PARTS = 8
"""Of the stories whose lateness is explained."""

_cast: Cast | None = None


class NotPlayed(Exception):
    """A deed of a story was refused; the message says which (it travels between processes)."""


def play_all(stories: Sequence[Story], now: datetime, processes: int) -> Iterator[int]:
    """Play them, in order as far as several processes can; yields counts as they are done."""
    size = STORIES_AT_A_TIME
    chunks = [(stories[start : start + size], now) for start in range(0, len(stories), size)]
    yield from _shared_out(_play, chunks, processes)


def rate_all(opinions: Sequence[tuple[Story, int, datetime]], processes: int) -> Iterator[int]:
    """Give all opinions; yields counts as they are done."""
    size = OPINIONS_AT_A_TIME
    chunks = [opinions[start : start + size] for start in range(0, len(opinions), size)]
    yield from _shared_out(_rate, chunks, processes)


def explain_all(now: datetime, processes: int) -> Iterator[int]:
    """Say why promises were late; yields counts as they are done."""
    yield from _shared_out(_explain, [(now, part) for part in range(PARTS)], processes)


def _shared_out(work: Callable[[Any], int], chunks: Sequence[Any], processes: int) -> Iterator[int]:
    if processes < 2 or len(chunks) < 4:
        global _cast  # noqa: PLW0603  what was read for another database does not count
        _cast = None
        yield from map(work, chunks)
        return
    from django.db import connections

    connections.close_all()
    pool = ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
    )
    try:
        yield from pool.map(work, chunks)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """A process begins."""
    django.setup()

    from servicedesk.collecting import collect_seldom
    from servicedesk.demo import play

    play.hurry()
    collect_seldom()


def _play(chunk: tuple[Sequence[Story], datetime]) -> int:
    from requests_app.errors import DeskError
    from requests_app.lifecycle import StaleMove
    from servicedesk.demo import play

    global _cast  # noqa: PLW0603  read once in each process
    if _cast is None:
        _cast = play.Cast.gather()
    stories, now = chunk
    for story in stories:
        try:
            play.play(story, _cast, now)
        except (DeskError, StaleMove) as error:
            raise NotPlayed(f"Story {story.number} cannot be played: {error}") from None
    return len(stories)


def _rate(chunk: Sequence[tuple[Story, int, datetime]]) -> int:
    from servicedesk.demo import play

    for story, invitation_id, at in chunk:
        play.rate(story, invitation_id, at)
    return len(chunk)


def _explain(chunk: tuple[datetime, int]) -> int:
    from servicedesk.demo import aftermath

    now, part = chunk
    return aftermath.explain(now, aftermath.Share(part, PARTS))
