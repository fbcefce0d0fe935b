"""How one request goes, from its form to its end. Pure."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from requests_app.priority import priority_of
from servicedesk.demo import opinions, phrases, truths
from servicedesk.demo.company import Company, PersonPlan
from servicedesk.demo.narrator import HOUR, Narrator, choose, department_name
from servicedesk.demo.offers import Offer, offer
from servicedesk.demo.story import Opinion, Ref, Story

ANSWER_WITHIN = {"P1": 0.5, "P2": 1.0, "P3": 4.0, "P4": 8.0}
READY_WITHIN = {"P1": 4.0, "P2": 8.0, "P3": 24.0, "P4": 40.0}
"""Hours of business time, as the standard targets have them: what the stories aim at."""

NEWS = frozenset({"people", "legal"})
"""Departments that promise regular news, even when there is nothing to ask."""
PAUSING = frozenset({"it", "facilities", "procurement"})
"""Departments whose promises stand still while a third party outside is waited for."""


class Telling(Narrator):
    """One story being told."""

    def __init__(
        self,
        rng: random.Random,
        staff: Company,
        asked: Offer,
        requester: PersonPlan,
        at: datetime,
    ) -> None:
        super().__init__(rng, staff, asked, requester, at)
        self.filed_by = requester
        self.was_late = self.was_reopened = False
        self.over = False

    def is_over(self) -> bool:
        """Nothing more happens: cancelled, declined, or resolved for want of an answer."""
        return self.over

    def story(self) -> Story:
        """Tell it."""
        rng = self.rng
        impact, urgency = choose(
            rng, list(self.asked.weights), list(accumulate(self.asked.weights.values()))
        )
        answers = self.answers()
        if rng.random() < 0.03 and not self.asked.restricted:
            self.filed_by = self._colleague()
        self._tell(impact, urgency)
        return Story(
            0,
            self.asked.department,
            self.asked.slug,
            self.requester.email,
            self.filed_by.email,
            self.began,
            answers,
            impact,
            urgency,
            tuple(self.steps),
            self._opinion(),
        )

    def _tell(self, impact: str, urgency: str) -> None:
        rng = self.rng
        if rng.random() < 0.06:
            self._share()
        if rng.random() < 0.035 and self._called_off():
            return
        if self.goes_to is not None:
            self._send_on()
        impact, urgency = self._weighed(impact, urgency)
        priority = str(priority_of(impact, urgency))
        on = self.began.astimezone(ZoneInfo(self.requester.zone)).date()
        provider, client = self.offer.department, self.requester.department
        in_time = truths.ready_in_time(provider, self.offer.slug, client, on)
        total = READY_WITHIN[priority] * self._share_of_budget(in_time)
        answered = truths.answered_in_time(provider, client, on)
        answer_within = ANSWER_WITHIN[priority]
        first = answer_within * self._first_share(answered)
        self.was_late = total > READY_WITHIN[priority]
        self._work_on(first=min(first, total * 0.8), total=total, answer_within=answer_within)
        if not self.is_over():
            self._after()

    def _share_of_budget(self, in_time: float) -> float:
        rng = self.rng
        if rng.random() < in_time:
            if self.offer.quick and rng.random() < 0.6:
                return rng.triangular(0.02, 0.3, 0.05)
            return rng.triangular(0.08, 0.985, 0.72)
        return 1.03 + min(rng.expovariate(2.4), 1.8)

    def _first_share(self, in_time: float) -> float:
        rng = self.rng
        if rng.random() < in_time:
            return rng.triangular(0.02, 0.94, 0.22)
        return 1.05 + min(rng.expovariate(1.6), 2.2)

    def _share(self) -> None:
        self.wait(self.requester, 0.1)
        colleague = self._colleague()
        if colleague is not self.filed_by:
            self.do("share", self.requester, user=Ref("person", colleague.email))

    def _called_off(self) -> bool:
        self.wait(self.requester, self.rng.triangular(0.4, 14, 2))
        self.do("cancel", self.requester, message=self.one(phrases.CANCELS))
        self.over = True
        return True

    def _send_on(self) -> None:
        """Someone finds out where it belongs, mostly within the hour."""
        assert self.goes_to is not None
        self.work(self.rng.triangular(0.05, 1.6, 0.3))
        there, same = self.goes_to, self.goes_to.department == self.offer.department
        name = there.name if same else department_name(there.department)
        pool = (
            phrases.SAME_HOUSE
            if same
            else (phrases.SENT_ON if self.asked.slug == "i-dont-know" else phrases.WRONG_TURN)
        )
        reason = self.rng.choice(pool).replace("{there}", name)
        self._transfer(there, self.text(reason), wrong=not same)

    def _transfer(self, there: Offer, reason: str, *, wrong: bool) -> bool:
        """Hand it on; true where the same team keeps it, and whoever had it."""
        self.do(
            "transfer",
            self.agent,
            service=Ref("service", f"{there.department}/{there.slug}"),
            reason=reason,
            wrong_department=wrong,
        )
        same_team = (there.department, there.team) == (self.offer.department, self.offer.team)
        self.offer = there
        if not same_team:
            self.agent = self._agent()
        return same_team

    def _weighed(self, impact: str, urgency: str) -> tuple[str, str]:
        """The lead corrects how it was weighed, now and then."""
        if self.rng.random() >= 0.035:
            return impact, urgency
        raised = self.rng.random() < 0.6
        changed = (
            {"me": "team", "team": "wide", "wide": "wide"}[impact]
            if raised
            else {"me": "me", "team": "me", "wide": "team"}[impact]
        )
        if changed == impact or (changed, urgency) == ("wide", "now"):
            return impact, urgency
        self.work(self.rng.uniform(0.05, 0.4))
        self.do(
            "prioritise",
            self.staff.lead(self.offer.department),
            impact=changed,
            urgency=urgency,
            reason=self.one(phrases.RAISED if raised else phrases.LOWERED),
        )
        return changed, urgency

    def _work_on(self, *, first: float, total: float, answer_within: float) -> None:
        rng = self.rng
        spent = self._begin(first, done_at_once=total < answer_within * 0.9)
        if self.is_over():
            return
        if self.offer.declines and rng.random() < 0.045:
            self.work(max(total * 0.3 - spent, 0.2))
            self.do("decline", self.agent, message=self.letter(rng.choice(self.offer.declines)))
            self.over = True
            return
        acts = self._acts(total)
        marks = sorted(rng.uniform(spent, max(total * 0.92, spent + 0.02)) for _ in acts)
        for act, mark in zip(acts, marks, strict=True):
            if mark > spent:
                self.work(mark - spent)
                spent = mark
            spent += act(total - spent) or 0.0
            if self.is_over():
                return
        self.work(max(total - spent, 0.05))
        self.do("resolve", self.agent, message=self.letter(self._solution()))

    def _solution(self) -> str:
        return self.rng.choice(self.matter.done or self.offer.done)

    def _begin(self, first: float, *, done_at_once: bool) -> float:
        """Someone takes it and says a first word; returns the business hours this took."""
        rng = self.rng
        lead = self.staff.lead(self.offer.department)
        chance = rng.random()
        spent = 0.0
        assigned = chance < 0.14 and not self.offer.restricted
        if assigned and lead.email != self.agent.email:
            self.work(first * 0.4)
            spent = first * 0.4
            self.names["colleague_agent"] = self.agent.first
            if rng.random() < 0.4:
                self.do("note", lead, message=self.one(phrases.ASSIGN_NOTES))
            self.do("assign", lead, assignee=Ref("person", self.agent.email))
        if rng.random() < self.offer.approvals and self.agent is not self.approver:
            self.work(max(first * 0.6 - spent, 0.05))
            self._approval()  # before anyone begins, so that the first answer is not due meanwhile
            if self.is_over():
                return first
            self.work(first * 0.25)
            self.do("reply", self.agent, message=self.letter(rng.choice(phrases.ACKS)))
            return first
        if chance < 0.6:
            taken = max(first * rng.uniform(0.3, 0.8), spent + 0.03)
            self.work(taken - spent)
            spent = taken
            self.do("take", self.agent)
        self.work(max(first - spent, 0.03))
        way = rng.random()
        if done_at_once and way < 0.6:
            if chance >= 0.6:
                self.do("take", self.agent)  # and the solution is the first answer
        elif way < 0.18 and self.offer.talk:
            return max(first, spent) + self._question(first)
        else:
            self.do("reply", self.agent, message=self.letter(rng.choice(phrases.ACKS)))
        return max(first, spent)

    def _acts(self, total: float) -> list[Any]:
        rng, offer_ = self.rng, self.offer
        acts: list[Any] = []
        if rng.random() < offer_.asks and self.steps[-1].deed != "answer":
            acts.append(self._question)
        if rng.random() < offer_.held * 1.4 and offer_.holds and total > 3:
            acts.append(self._hold)
        if rng.random() < 0.3:
            acts.append(self._note)
        if total > 10 and rng.random() < 0.4:
            acts.append(self._news)
        if total > 14 and rng.random() < 0.22:
            acts.append(self._asks_for_news)
        if rng.random() < 0.06:
            acts.append(self._hand_over)
        if rng.random() < 0.02:
            acts.append(self._release)
        if rng.random() < 0.035:
            acts.append(self._hand_on)
        rng.shuffle(acts)
        return acts

    def _approval(self) -> None:
        rng, approver = self.rng, self.approver
        self.do(
            "ask_approval",
            self.agent,
            approver=Ref("person", approver.email),
            message=self.one(phrases.APPROVAL_ASKED),
        )
        self.wait(approver, min(rng.expovariate(1 / 7.0), 30) + 0.2)
        if rng.random() < 0.92:
            self.do("approve", approver, message=self.one(phrases.APPROVED))
            return
        self.do("refuse", approver, message=self.one(phrases.REFUSED))
        self.work(rng.uniform(0.2, 4))
        self.do("decline", self.agent, message=self.letter(rng.choice(phrases.DECLINED_AFTER)))
        self.over = True

    def _question(self, left: float) -> float:
        """Asks something; once it is answered, mostly says so. Takes its time from what is left."""
        rng = self.rng
        talk = self.matter.talk if self.matter.talk and self.goes_to is None else self.offer.talk
        if not talk:
            return 0.0
        question, answer = rng.choice(talk)
        self.do("ask", self.agent, message=self.letter(question), look_again_on=self._in_days(2, 5))
        if rng.random() < 0.06:
            return self._unanswered()
        self.wait(self.requester, min(rng.expovariate(1 / 8.0), 40) + 0.15)
        self.do("answer", self.requester, message=self.text(answer))
        if rng.random() >= 0.75:
            return 0.0
        took = min(rng.triangular(0.1, 4.5, 0.8), left * 0.5)
        self.work(took)
        self.do("reply", self.agent, message=self.letter(rng.choice(phrases.ANSWERED)))
        return took

    def _unanswered(self) -> float:
        self.wait(self.requester, self.rng.uniform(18, 22))
        self.do("reply", self.agent, message=self.letter(self.rng.choice(phrases.NUDGES)))
        self.wait(self.requester, self.rng.uniform(18, 30))
        self.do("resolve", self.agent, message=self.letter(self.rng.choice(phrases.NO_ANSWER)))
        self.over = True
        return 0.0

    def _hold(self, left: float) -> float:
        """Waits for someone outside; takes from the time left where the promise runs on."""
        rng = self.rng
        vendor, words = rng.choice(self.offer.holds)
        days = rng.choice((1, 2, 3, 4, 5, 6, 8, 12))
        pausing = self.offer.department in PAUSING
        lasts = days * 7.5 if pausing else min(days * 7.5, left * 0.7)
        self.do(
            "hold",
            self.agent,
            message=self.letter(words),
            third_party=self.text(vendor),
            look_again_on=self._in_days(days, days + 3),
        )
        self.work(lasts)
        self.do("resume", self.agent)
        return 0.0 if pausing else lasts

    def _in_days(self, least: int, most: int) -> date:
        day = self.at.date() + timedelta(days=self.rng.randint(least, most))
        return day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])

    def _note(self, _left: float) -> None:
        self.do(
            "note",
            self.agent,
            message=self.one(self.offer.notes or phrases.NOTES)
            if self.rng.random() < 0.6
            else self.one(phrases.NOTES),
        )

    def _news(self, _left: float) -> None:
        pool = phrases.LATE_NEWS if self.was_late and self.rng.random() < 0.5 else phrases.NEWS
        self.do("reply", self.agent, message=self.letter(self.rng.choice(pool)))

    def _asks_for_news(self, _left: float) -> float:
        self.do("reply", self.requester, message=self.one(phrases.FOLLOW_UPS))
        if self.rng.random() < 0.8:
            took = self.rng.uniform(0.2, 2.0)
            self.work(took)
            self.do("reply", self.agent, message=self.letter(self.rng.choice(phrases.NEWS)))
            return took
        return 0.0

    def _hand_over(self, _left: float) -> None:
        after = self._agent(other_than=self.agent)
        self.names["colleague_agent"] = after.first
        self.do("note", self.agent, message=self.one(phrases.HAND_OVERS))
        self.do("assign", self.agent, assignee=Ref("person", after.email))
        self.agent = after

    def _release(self, _left: float) -> float:
        self.do("note", self.agent, message=self.one(phrases.RELEASES))
        self.do("release", self.agent)
        self.agent = self._agent(other_than=self.agent)
        took = self.rng.uniform(0.3, 3)
        self.work(took)
        self.do("take", self.agent)
        return took

    def _hand_on(self, _left: float) -> float:
        after = phrases.HANDED_ON.get((self.offer.department, self.offer.slug))
        if after is None or self.offer is not self.asked:
            return 0.0
        there = offer(after[0], after[1])
        if there.audience and self.requester.department not in there.audience:
            return 0.0
        same = there.department == self.offer.department
        wrong = not same and self.rng.random() < 0.4
        if self._transfer(there, self.text(after[2]), wrong=wrong):
            return 0.0
        took = self.rng.uniform(0.3, 3)
        self.work(took)
        self.do("take", self.agent)
        return took

    def _after(self) -> None:
        """What the requester makes of it."""
        rng = self.rng
        if self.offer.again and rng.random() < self.offer.reopened * (2 if self.was_late else 1):
            self.wait(self.requester, rng.triangular(0.3, 20, 4))
            words = self.one(self.offer.again)
            if rng.random() < 0.4:
                words = f"{rng.choice(phrases.REOPENS)} {words}"
            self.do("reopen", self.requester, message=words)
            self.was_reopened = True
            self.work(rng.uniform(0.5, 7))
            if rng.random() < 0.5:
                self.do("reply", self.agent, message=self.letter(rng.choice(phrases.ACKS)))
                self.work(rng.uniform(0.3, 4))
            self.do("resolve", self.agent, message=self.letter(rng.choice(phrases.SOLVED_AGAIN)))
        if rng.random() < 0.52:
            self.wait(self.requester, rng.triangular(0.1, 22, 2))
            if rng.random() < 0.45:
                self.do("reply", self.requester, message=self.one(phrases.THANKS))
                self.at += timedelta(seconds=rng.randint(15, 90))
            self.do("confirm", self.requester)

    def _opinion(self) -> Opinion | None:
        rng = self.rng
        spread = (1, 3, 9, 33, 54)
        if self.was_late:
            spread = (12, 22, 28, 26, 12)
        elif self.was_reopened:
            spread = (5, 13, 25, 35, 22)
        score = choose(rng, [1, 2, 3, 4, 5], list(accumulate(spread)))
        pool = phrases.PRAISE[score]
        own = phrases.PRAISE_OF.get(self.offer.department, {}).get(score, ())
        comment = ""
        if rng.random() < (0.6 if score < 3 else 0.33):
            comment = self.one(own if own and rng.random() < 0.4 else pool)
        after = min(rng.expovariate(1 / 16.0), 300) * HOUR
        if rng.random() >= (0.55 if self.was_late else 0.47):
            return None
        return Opinion(
            score,
            comment,
            after,
            reasons=opinions.reasons(rng, score),
            lost_time=opinions.lost_time(rng, score),
            unnamed=opinions.is_unnamed(rng, score),
        )
