"""The desk for programs: the same questions and deeds as the pages, in JSON."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import generics
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalogue.access import services_for
from catalogue.models import Service
from people.models import Department, User
from requests_app import access, actions, lifecycle
from requests_app.kinds import Audience, Via
from requests_app.lifecycle import Role
from requests_app.models import ServiceRequest
from servicedesk.api.shapes import (
    AskShape,
    LedgerShape,
    MessageShape,
    RequestRowShape,
    ServiceCardShape,
    ServiceShape,
    shape_of,
)
from slas.ledger import books_of
from slas.ledger.words import Teller, reader_of, shows

LONGEST_CONVERSATION = 200
MOST_LEDGERS = 100


def person(request: Request) -> User:
    """Whoever asks; signed in, or the permission classes had refused."""
    return cast("User", request.user)


def find(request: Request, reference: str) -> ServiceRequest:
    """The request, if this person may see it; else 404."""
    try:
        return access.find_for_page(person(request), reference)
    except ServiceRequest.DoesNotExist:
        raise Http404 from None


class ByName(CursorPagination):
    """Services in the order of their names."""

    ordering = ("name", "pk")


class Newest(CursorPagination):
    """The last one first."""

    ordering = ("-pk",)


class Services(generics.ListAPIView[Service]):
    """The services that you may ask for."""

    serializer_class = ServiceShape
    pagination_class = ByName
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Service]:
        """Those open to the person's department."""
        return services_for(person(self.request)).for_list()


def service_of(request: Request, department: str, slug: str) -> Service:
    """The service, if this person may ask for it; else 404."""
    services = services_for(person(request)).select_related("department", "form_version")
    return get_object_or_404(services, department__slug=department, slug=slug)


class ServiceCard(APIView):
    """One service with its questions."""

    @extend_schema(responses=ServiceCardShape)
    def get(self, request: Request, department: str, slug: str) -> Response:
        """What it does and what it asks."""
        return Response(ServiceCardShape(service_of(request, department, slug)).data)


class Ask(APIView):
    """Asking for a service."""

    @extend_schema(request=AskShape, responses={201: RequestRowShape})
    def post(self, request: Request, department: str, slug: str) -> Response:
        """Make a request; the same key again returns the same one."""
        service = service_of(request, department, slug)
        given = AskShape(data=request.data)
        given.is_valid(raise_exception=True)
        made = actions.submit(
            service, by=person(request), at=timezone.now(), via=Via.API, **given.validated_data
        )
        return Response(RequestRowShape(made).data, status=201)


class Requests(generics.ListAPIView[ServiceRequest]):
    """Your requests; with `department`, those of a department in which you work."""

    serializer_class = RequestRowShape
    pagination_class = Newest
    filter_backends = ()

    @extend_schema(parameters=[OpenApiParameter("department", OpenApiTypes.STR)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The last one first."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[ServiceRequest]:
        """A narrow list, chosen by access."""
        slug = self.request.query_params.get("department")
        if slug is None:
            return access.mine(person(self.request)).for_list()
        department = get_object_or_404(Department, slug=slug)
        return access.queue(person(self.request), department.pk).for_list()


class OneRequest(APIView):
    """One request with what was said on it."""

    @extend_schema(responses=RequestRowShape)
    def get(self, request: Request, reference: str) -> Response:
        """Its row, its newest messages, and what you may do now."""
        service_request = find(request, reference)
        held = access.roles(person(request), service_request)
        messages = service_request.messages.select_related("author").order_by("-at", "-pk")
        # Of what is shown to nobody, such as ratings, not even the number says that it was.
        events = service_request.events.exclude(audience=Audience.NOBODY).exclude(kind="rated")
        if not held & access.FULL_VIEW:
            messages = messages.filter(is_public=True)
            events = events.filter(audience=Audience.REQUESTER)
        return Response(
            RequestRowShape(service_request).data
            | {
                "messages": MessageShape(messages[:LONGEST_CONVERSATION], many=True).data,
                "deeds": [deed.name for deed in access.offered(held, service_request)],
                "seen": events.order_by("-pk").values_list("pk", flat=True).first(),
            }
        )


class Promises(APIView):
    """Why a request is due when it is."""

    @extend_schema(responses=LedgerShape(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """The ledger of each promise, as far as you may know of it; at most 100, the newest."""
        service_request = find(request, reference)
        held = access.roles(person(request), service_request)
        reader = reader_of(person(request), timezone.now(), provider=bool(held & access.FULL_VIEW))
        books = books_of(service_request, reader.now)
        teller = Teller(service_request, reader, books.events, books.departments)
        ledgers = [one for one in books.ledgers if shows(one, reader)][-MOST_LEDGERS:]
        return Response(LedgerShape([teller.told(one) for one in ledgers], many=True).data)


class Deed(APIView):
    """Doing something to a request."""

    @extend_schema(request=OpenApiTypes.OBJECT, responses=RequestRowShape)
    def post(self, request: Request, reference: str, name: str) -> Response:
        """Do the deed of that name; what it needs stands in the table of deeds."""
        service_request = find(request, reference)
        deed = lifecycle.deed(name)
        if deed.who == {Role.SYSTEM}:
            raise lifecycle.UnknownDeed(name)
        access.require(person(request), name, service_request)
        given = shape_of(deed)(data=request.data)
        given.is_valid(raise_exception=True)
        done = actions.perform(
            service_request, name, by=person(request), at=timezone.now(), via=Via.API,
            **given.validated_data,
        )  # fmt: skip
        return Response(RequestRowShape(done).data)
