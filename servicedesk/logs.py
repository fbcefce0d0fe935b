"""How a line of the log looks, and what never stands in one.

Each line carries the id of the request or tick it belongs to (`servicedesk.tracing`). Production
writes one JSON object a line to standard error; elsewhere it is a line to read.

What people typed, their addresses, tokens and passwords are no business of whoever reads logs. So
lines written in production say which view it was and never the address that was asked for, hide
what looks like a mail address or like credentials in a URL, and tell an exception by its type, its
place, and as much of its message as speaks of the code and not of the data.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

JSON, TEXT, PLAIN = "json", "text", "plain"
STYLES = (JSON, TEXT, PLAIN)
"""For machines; the same for people; for people who develop: whole messages, whole tracebacks."""

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")
QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
SPEAK_OF_CODE = (AttributeError, NameError, ImportError, TypeError, NotImplementedError)
"""Their messages quote names that we gave, not what somebody typed."""
LONGEST = 300

USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
UNSEEN = frozenset({"request", "response", "status_code", "request_id", "data", "server_time"})


def configuration(style: str, level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`. One handler; everything comes to it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"servicedesk.logs.{FORMATTERS[style].__name__}"}},
        "filters": {"traced": {"()": "servicedesk.logs.Traced"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["traced"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # A tick every few seconds is no news; what fails is told as an error all the same.
            name: {"level": "WARNING"}
            for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat")
        },
    }


class Traced(logging.Filter):
    """Adds the id to each line, and puts the view in the place of an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        from servicedesk.tracing import current

        record.request_id = current() or "-"
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if isinstance(path, str) and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            view = match.view_name if match else "no such address"
            record.args = tuple(view if it == path else it for it in record.args)
        elif record.name == "gunicorn.error" and isinstance(record.args, tuple):
            record.args = tuple(
                "an address" if isinstance(it, str) and it.startswith("/") else it
                for it in record.args
            )
        return True


class Plain(logging.Formatter):
    """For whoever develops, or tries the desk out: nothing is held back."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s [%(request_id)s]")


class Text(Plain):
    """The same, holding back what does not belong into a log."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        return careful(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        record.args = spoken(record)
        record.exc_text = None  # what another formatter made of it is not ours
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return "\n".join(
            line
            for one in told(ei)
            for line in (*one["stack"], f"{one['type']}: {one['message']}".rstrip(": "))
        )


class Json(Text):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        record.args = spoken(record)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": careful(record.getMessage()),
            "request_id": getattr(record, "request_id", "-"),
            "process": record.process,
        }
        for name, value in vars(record).items():
            if name not in USUAL and name not in UNSEEN and value is not None:
                line[name] = careful(value) if isinstance(value, str) else value
        if record.exc_info and record.exc_info[0]:
            line["error"] = told(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=lambda it: type(it).__name__)


FORMATTERS: dict[str, type[logging.Formatter]] = {JSON: Json, TEXT: Text, PLAIN: Plain}


def spoken(record: logging.LogRecord) -> Any:
    """The arguments of a line's message; errors among them as `said` has them."""
    args = record.args
    if isinstance(args, tuple):
        return tuple(said(it) if isinstance(it, BaseException) else it for it in args)
    if isinstance(args, Mapping) and record.name.startswith("celery."):
        # Of a task that failed Celery tells everything, in one text; what we tell follows it.
        kind = record.exc_info[0] if record.exc_info else None
        return {**args, "exc": kind.__name__ if kind else "…", "traceback": "", "args": "…"}
    return args


def careful(text: str) -> str:
    """Without mail addresses and without credentials in URLs."""
    if "@" not in text:
        return text
    return MAIL.sub("…@…", CREDENTIALS.sub("…@", text))


def told(exc_info: Any) -> list[dict[str, Any]]:
    """An exception and what led to it, the first cause first: type, safe message, places."""
    return [
        {
            "type": f"{type(error).__module__}.{type(error).__qualname__}",
            "message": said(error),
            "stack": [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ],
        }
        for error in reversed(list(_chain(exc_info[1])))
    ]


def said(error: BaseException) -> str:
    """As much of its message as names nothing that somebody typed.

    Of the database only the first line, which names tables and constraints; its details quote
    rows. What it says of a value that it cannot read (class 22) quotes that value: left out.
    """
    code = getattr(error, "pgcode", None) or getattr(error.__cause__, "pgcode", None)
    if isinstance(code, str) and code.startswith("22"):
        return f"A value was refused ({code})."
    text = str(error).strip().partition("\n")[0][:LONGEST]
    if code is None and not isinstance(error, SPEAK_OF_CODE):
        text = QUOTED.sub("'…'", text)
    return careful(text)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
