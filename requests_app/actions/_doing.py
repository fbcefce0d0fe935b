"""How every deed is done: lock the row, ask access and lifecycle, change, record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from people.models import Membership
from requests_app import access, files, lifecycle, search, timeline, waiting
from requests_app.errors import NotAllowed, Refused, require_fitting
from requests_app.kinds import Assigned, Payload, Shared, Spoken, Via
from requests_app.lifecycle import PROVIDER_SIDE, REQUESTER_SIDE, Deed, Role, Status
from requests_app.models import Message, Participant, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from people.models import User

RECORDED = frozenset({Via.IMPORT, Via.SEED})
"""Deeds of the past, played by an operator: the lifecycle holds, permissions are not asked."""

LONGEST_MESSAGE = 20_000


@dataclass(slots=True)
class Doing:
    """One deed under way: its request is locked, and it was found possible and permitted."""

    service_request: ServiceRequest
    deed: Deed
    by: User | None
    at: datetime
    via: Via
    key: str | None
    roles: frozenset[Role]
    changed: set[str] = field(default_factory=set)
    mentioned: list[int] = field(default_factory=list)

    @property
    def for_provider(self) -> bool:
        """The doer speaks for the provider: works there and is not the one who asked."""
        return bool(self.roles & PROVIDER_SIDE) and Role.REQUESTER not in self.roles

    @property
    def for_requester(self) -> bool:
        """The doer speaks for whoever asked."""
        return bool(self.roles & REQUESTER_SIDE) and not self.for_provider

    def change(self, **values: Any) -> None:
        """Set columns of the request; they are saved with the event."""
        for name, value in values.items():
            setattr(self.service_request, name, value)
        self.changed.update(values)

    def move(self, status: Status) -> None:
        """Set the status, and with it what belongs to the one before."""
        if status == self.service_request.status:
            return
        self.change(status=str(status), status_since=self.at)
        self.change(nudges=0)
        if status not in lifecycle.WAITING_STATUSES:
            self.change(third_party="", look_again_on=None, wakes_at=None)
        if status != Status.RESOLVED:
            self.change(closes_at=None)

    def wait_until_woken(self) -> None:
        """Keep when time will next do something to what waits now; an import waits in peace."""
        if self.via != Via.IMPORT:
            self.change(wakes_at=waiting.wakes_at(self.service_request, self.at))

    def say(
        self, text: str, *, public: bool = True, attached: Sequence[int] = ()
    ) -> Message | None:
        """Keep what was written, with the staged files of these ids; None where there is neither.

        Raises Refused for too much, and for files that are not the doer's.
        """
        text = text.replace("\x00", "").strip()
        if not text and not attached:
            return None
        require_fitting(text, LONGEST_MESSAGE, field="message")
        message = Message.objects.create(
            service_request=self.service_request,
            author=self.by,
            at=self.at,
            is_public=public,
            text=text,
        )
        files.attach(message, attached, by=self.by)
        search.keep(self.service_request, text, public=public)
        if public and self.for_provider:
            self.change(provider_spoke_at=self.at)
        elif public and self.for_requester:
            self.change(requester_spoke_at=self.at)
        return message

    def bring_in(self, people: Sequence[User], *, public: bool = True) -> None:
        """Name colleagues in what is written: they are told, and see the request from now on.

        Of a note only those hear who read it. Nobody is let into a restricted request like this,
        nor by someone who may not share it. Raises Refused.
        """
        for person in people:
            held = access.roles(person, self.service_request)
            if not public and not held & access.FULL_VIEW:
                raise Refused(
                    _("%(name)s does not read internal notes. Write a reply instead.")
                    % {"name": person.name},
                    "mentions",
                )
            if not held:
                self._let_in(person)
        self.mentioned = [person.pk for person in people if not self.by or person.pk != self.by.pk]

    def _let_in(self, person: User) -> None:
        named = {"name": person.name}
        if not person.is_active:
            raise Refused(_("%(name)s no longer works here.") % named, "mentions")
        if not lifecycle.deed("share").who & self.roles:
            raise Refused(
                _("%(name)s does not see this request. Ask whoever asked for it to share it.")
                % named,
                "mentions",
            )
        if self.service_request.restricted:
            raise Refused(
                _("%(name)s does not see this restricted request. Share it first, if you mean to.")
                % named,
                "mentions",
            )
        Participant.objects.create(
            service_request=self.service_request, user=person, added_by=self.by, at=self.at
        )
        self._save()
        timeline.record(
            self.service_request,
            "participant_added",
            Shared(user_id=person.pk, mentioned=True),
            by=self.by,
            at=self.at,
            via=self.via,
        )

    def spoken(self, message: Message | None) -> dict[str, Any]:
        """The part of a payload that says who spoke for whom, and who was named."""
        return {
            "message_id": message.pk if message else None,
            "by_provider": self.for_provider,
            "by_requester": self.for_requester,
            "mentioned_ids": self.mentioned or None,
        }

    def spoken_payload(self, message: Message | None) -> Spoken:
        """The payload of a deed that is only what was said."""
        return Spoken(**self.spoken(message))

    def take_first(self) -> None:
        """Whoever speaks for the provider first takes the request, if nobody has."""
        request = self.service_request
        if self.via == Via.IMPORT or not self.for_provider or request.assignee_id is not None:
            return
        self.change(assignee=self.by)
        if request.status == Status.NEW:
            self.move(Status.IN_PROGRESS)
        self._save()
        assert self.by is not None
        timeline.record(
            request, "taken", Assigned(assignee_id=self.by.pk), by=self.by, at=self.at, via=self.via
        )

    def finish(self, payload: Payload) -> ServiceRequest:
        """Save the row and record the event, whose followers do the rest."""
        self._save()
        timeline.record(
            self.service_request,
            self.deed.event,
            payload,
            by=self.by,
            at=self.at,
            via=self.via,
            key=self.key,
        )
        return self.service_request

    def _save(self) -> None:
        self.change(last_deed_at=self.at)
        self.service_request.save(update_fields=sorted(self.changed))
        self.changed.clear()


def begin(
    service_request: ServiceRequest,
    name: str,
    *,
    by: User | None,
    at: datetime,
    via: Via,
    key: str | None,
) -> Doing | None:
    """Lock the request and ask whether the deed may be done; None where `key` was done before.

    Raises NotAllowed, StaleMove, UnknownDeed; Refused for a past deed out of order.
    """
    locked = ServiceRequest.objects.lock(service_request.pk)
    if key is not None and timeline.is_done(locked.pk, key):
        return None
    deed = lifecycle.deed(name)
    held = _held(by, locked, via)
    if via not in RECORDED and not deed.who & held:
        raise NotAllowed(_("This is not yours to do."))
    lifecycle.step(locked.status, name)
    if via not in RECORDED:
        at = locked.dated(at)
    elif at < locked.last_deed_at:
        raise Refused(
            _("This happened before the request's last event, at %(last)s.")
            % {"last": locked.last_deed_at.isoformat()},
            "at",
        )
    return Doing(locked, deed, by, at, via, key, held)


def _held(by: User | None, service_request: ServiceRequest, via: Via) -> frozenset[Role]:
    if by is None:
        return frozenset({Role.SYSTEM})
    held = access.roles(by, service_request)
    if via in RECORDED and not by.is_active:
        # whoever has left by now spoke for the provider then
        worked_there = Membership.objects.filter(
            user=by, team__department=service_request.provider_department_id
        )
        if worked_there.exists():
            held |= {Role.AGENT}
    return held


def required(text: str, field_name: str = "message") -> str:
    """The text, if there is any. Raises Refused."""
    if not text.strip():
        raise Refused(_("Please write a few words."), field_name)
    return text


def words_or_files(text: str, attached: Sequence[int]) -> str:
    """The text, which may be empty where files speak for themselves. Raises Refused."""
    return text if attached else required(text)
