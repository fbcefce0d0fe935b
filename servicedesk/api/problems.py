"""What went wrong, for programs: one shape for every refusal, and the right status."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from catalogue.answers import BadAnswers
from requests_app.errors import NotAllowed, Overtaken, Refused
from requests_app.lifecycle import StaleMove, UnknownDeed


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer with {"errors": [{"field", "message"}]}: 403, 404, 409 or 422 as pages do."""
    match error:
        case BadAnswers():
            wrong = [(f"answers.{key}", message) for key, message in error.errors.items()]
            return _response(422, wrong)
        case NotAllowed():
            return _response(403, [(error.field, error.message)])
        case Overtaken():
            return _response(409, [(error.field, error.message)])
        case Refused():
            return _response(422, [(error.field, error.message)])
        case StaleMove():
            return _response(409, [(None, f"Not possible while the request is {error.status}.")])
        case UnknownDeed() | Http404():
            return _response(404, [(None, "Not found.")])
        case exceptions.ValidationError():
            return _response(422, _flat(error.detail))
    answer = exception_handler(error, context)
    if answer is not None:
        answer.data = {"errors": [{"field": None, "message": str(answer.data.get("detail"))}]}
    return answer


def _flat(detail: Any, name: str | None = None) -> list[tuple[str | None, str]]:
    if isinstance(detail, dict):
        return [
            one
            for key, below in detail.items()
            for one in _flat(below, f"{name}.{key}" if name else str(key))
        ]
    if isinstance(detail, list):
        return [one for below in detail for one in _flat(below, name)]
    return [(name, str(detail))]


def _response(status: int, wrong: list[Any]) -> Response:
    errors = [{"field": field, "message": str(message)} for field, message in wrong]
    return Response({"errors": errors}, status=status)
