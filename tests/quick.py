"""Django's test client, spared what it does again and again for nobody here."""

from __future__ import annotations

import threading
from typing import Any

from django.core.signals import setting_changed
from django.template import Context, Template
from django.test import utils
from django.test.client import ClientHandler

_utils: Any = utils  # what is replaced here its stubs know nothing of
_instrumented = _utils.instrumented_test_render
_load_middleware = ClientHandler.load_middleware
_KEPT = (
    "_view_middleware",
    "_template_response_middleware",
    "_exception_middleware",
    "_middleware_chain",
)
_kept: dict[str, Any] = {}
_here = threading.local()


def _whole_pages(self: Template, context: Context) -> Any:
    """Tests are told of the page, with what its view gave it, and of none of its hundred parts."""
    if getattr(_here, "within", False):
        return self.nodelist.render(context)
    _here.within = True
    try:
        return _instrumented(self, context)
    finally:
        _here.within = False


def _middleware_once(self: ClientHandler, is_async: bool = False) -> None:
    """Browsers share one chain, until a setting changes."""
    if is_async:
        _load_middleware(self, is_async)
        return
    if not _kept:
        _load_middleware(self)
        _kept.update({name: getattr(self, name) for name in _KEPT})
    for name, value in _kept.items():
        setattr(self, name, value)


def _forget(**_given: Any) -> None:
    _kept.clear()


def install() -> None:
    """For the whole run; before the first test."""
    _utils.instrumented_test_render = _whole_pages
    ClientHandler.load_middleware = _middleware_once  # type: ignore[method-assign, assignment]
    setting_changed.connect(_forget)
