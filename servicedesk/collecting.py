"""How often a process that lives long looks for rings of garbage."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """Call once, when everything is imported.

    What is there by then stays, and is not looked at again: some hundred thousand objects that
    every full collection would go through. What comes later is mostly small and dies young,
    without a ring; to look for rings after each 700 of them costs a tenth of a sweep.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
