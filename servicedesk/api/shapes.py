"""The shapes that programs send and get. Sense is checked by the deeds, as for pages."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalogue.models import Service
from people.models import User
from requests_app.lifecycle import Deed, Need
from requests_app.models import Message, ServiceRequest
from requests_app.priority import Impact, Urgency
from slas.ledger.words import ToldLine

IMPACTS = [str(one) for one in Impact]
URGENCIES = [str(one) for one in Urgency]


class ServiceShape(serializers.ModelSerializer[Service]):
    """A service that one may ask for."""

    department = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)

    class Meta:
        model = Service
        fields: tuple[str, ...] = ("department", "slug", "name", "summary", "category")


class ServiceCardShape(ServiceShape):
    """A service with the questions of its form."""

    questions = serializers.SerializerMethodField()

    class Meta(ServiceShape.Meta):
        fields = (
            *ServiceShape.Meta.fields,
            "description",
            "what_you_get",
            "what_we_need",
            "questions",
        )

    def get_questions(self, service: Service) -> list[dict[str, Any]]:
        """The questions that the requester is asked."""
        if service.form_version is None:
            return []
        return [one.dump() for one in service.form_version.spec.for_requester()]


class RequestRowShape(serializers.ModelSerializer[ServiceRequest]):
    """A request as a row of a list."""

    service = serializers.CharField(source="service.name")
    client = serializers.CharField(source="client_department.name")
    provider = serializers.CharField(source="provider_department.name")
    requester = serializers.CharField(source="requester.name")
    assignee = serializers.CharField(source="assignee.name", default=None)
    turn = serializers.CharField(source="info.turn")

    class Meta:
        model = ServiceRequest
        fields = (
            "reference", "subject", "service", "client", "provider", "requester", "assignee",
            "status", "turn", "priority", "impact", "urgency", "submitted_at", "due_at",
            "ever_breached", "resolved_at", "closed_at",
        )  # fmt: skip


class MessageShape(serializers.ModelSerializer[Message]):
    """Something that was said."""

    author = serializers.CharField(source="author.name", default=None)

    class Meta:
        model = Message
        fields = ("at", "author", "is_public", "text")


class LedgerLineShape(serializers.Serializer[Any]):
    """What moved the clock of a promise, or where it stands."""

    what = serializers.CharField(help_text="started, paused, resumed, …; due lies ahead.")
    at = serializers.DateTimeField()
    title = serializers.CharField()
    words = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    budget_seconds = serializers.SerializerMethodField()
    used_seconds = serializers.SerializerMethodField()
    left_seconds = serializers.SerializerMethodField()

    def get_budget_seconds(self, line: ToldLine) -> float:
        """Business time promised, after the line."""
        return line.budget.total_seconds()

    def get_used_seconds(self, line: ToldLine) -> float:
        """Business time used, up to the line."""
        return line.used.total_seconds()

    def get_left_seconds(self, line: ToldLine) -> float:
        """What is left of it; negative once more was used than promised."""
        return (line.budget - line.used).total_seconds()


class LedgerShape(serializers.Serializer[Any]):
    """One promise with everything that moved its clock, the oldest line first."""

    metric = serializers.CharField(source="ledger.metric")
    cycle = serializers.IntegerField(source="ledger.cycle")
    sequence = serializers.IntegerField(source="ledger.sequence")
    title = serializers.CharField()
    state = serializers.CharField(help_text="on-track, at-risk, late, paused, met, missed, none.")
    zone = serializers.CharField(source="ledger.clock.terms.calendar.zone")
    lines = LedgerLineShape(many=True)


class AskShape(serializers.Serializer[Any]):
    """What a new request is made from."""

    key = serializers.UUIDField(help_text="Of your choice; sending it twice makes one request.")
    answers = serializers.DictField(help_text="By the key of each question.")
    impact = serializers.ChoiceField(IMPACTS)
    urgency = serializers.ChoiceField(URGENCIES)


class PersonField(serializers.EmailField):
    """A colleague, by mail address."""

    def to_internal_value(self, data: Any) -> Any:
        """The person; an error beside the field where there is none."""
        address = super().to_internal_value(data)
        person = User.objects.filter(email__iexact=address, is_active=True).first()
        if person is None:
            raise serializers.ValidationError("No colleague has this address.")
        return person


class ServiceField(serializers.CharField):
    """A service, as department/service."""

    def to_internal_value(self, data: Any) -> Any:
        """The service; an error beside the field where there is none."""
        department, _slash, slug = super().to_internal_value(data).partition("/")
        service = (
            Service.objects.published()
            .select_related("department")
            .filter(department__slug=department, slug=slug)
            .first()
        )
        if service is None:
            raise serializers.ValidationError("There is no such service; write department/service.")
        return service


def shape_of(deed: Deed) -> type[serializers.Serializer[Any]]:
    """The shape of what a deed is given, read from the table of deeds."""
    fields: dict[str, Any] = {
        "key": serializers.CharField(required=False, max_length=80, default=None),
        "seen": serializers.IntegerField(
            required=False,
            min_value=0,
            default=None,
            help_text="That of the request as you read it: 409 where somebody was quicker.",
        ),
    }
    if Need.MESSAGE in deed.needs:
        fields["message"] = serializers.CharField()
    elif Need.MESSAGE in deed.optional:
        fields["message"] = serializers.CharField(required=False, allow_blank=True, default="")
    if Need.REASON in deed.needs:
        fields["reason"] = serializers.CharField()
    if Need.LOOK_AGAIN in deed.needs:
        fields["look_again_on"] = serializers.DateField()
    if Need.THIRD_PARTY in deed.needs:
        fields["third_party"] = serializers.CharField()
    if Need.APPROVER in deed.needs:
        fields["approver"] = PersonField()
    if Need.ASSIGNEE in deed.needs:
        fields["assignee"] = PersonField()
    if Need.SERVICE in deed.needs:
        fields |= {
            "service": ServiceField(),
            "wrong_department": serializers.BooleanField(default=False),
        }
    if deed.name == "prioritise":
        fields |= {
            "impact": serializers.ChoiceField(IMPACTS),
            "urgency": serializers.ChoiceField(URGENCIES),
        }
    if deed.name in ("share", "unshare"):
        fields["user"] = PersonField()
    if deed.name == "annotate":
        fields["answers"] = serializers.DictField(help_text="By the key of each private question.")
    return type(f"{deed.name.title().replace('_', '')}Shape", (serializers.Serializer,), fields)
