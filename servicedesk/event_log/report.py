"""What an import did: a sum that must come out, and each refusal with its row and reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from servicedesk.event_log.reading import Refusal
from servicedesk.event_log.replay import Played
from slas.models import Clock


@dataclass(slots=True)
class Report:
    """Rows = applied + changing nothing + refused + of cases that were here already."""

    rows: int = 0
    cases: int = 0
    cases_here_already: int = 0
    applied: int = 0
    changing_nothing: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    rows_here_already: int = 0
    started_late: int = 0
    deeds: Counter[str] = field(default_factory=Counter)
    verdicts: dict[int, bool] = field(default_factory=dict)
    """What the other desk said of its promise, by our request."""

    def add(self, played: Played) -> None:
        """Count one case."""
        self.cases += 1
        self.applied += played.applied
        self.changing_nothing += played.changing_nothing
        self.refusals += played.refusals
        self.started_late += played.started_late
        self.deeds += played.deeds
        if played.verdict is not None and played.request_id is not None:
            self.verdicts[played.request_id] = played.verdict

    @property
    def adds_up(self) -> bool:
        """Whether every row is accounted for once."""
        counted = self.applied + self.changing_nothing + len(self.refusals) + self.rows_here_already
        return self.rows == counted

    def comparison(self, metrics: tuple[str, ...]) -> Counter[tuple[bool, bool]]:
        """How often (theirs kept, ours kept) came together, over the judged metrics."""
        breached = set(
            Clock.objects.filter(
                service_request__in=self.verdicts, metric__in=metrics, breached_at__isnull=False
            ).values_list("service_request_id", flat=True)
        )
        return Counter((kept, pk not in breached) for pk, kept in self.verdicts.items())

    def lines(self, metrics: tuple[str, ...]) -> list[str]:
        """The report in words."""
        lines = [
            f"{self.cases:,} cases imported, {self.cases_here_already:,} were here already.",
            self._sum(),
            "Deeds: "
            + (", ".join(f"{name} {n:,}" for name, n in self.deeds.most_common()) or "none"),
        ]
        if self.started_late:
            late = f"{self.started_late:,} cases say that they began after their first row"
            lines.append(f"{late}; the first row counts.")
        lines += [f"row {one.row} ({one.case}): {one.reason}" for one in self.refusals]
        if self.verdicts:
            table = self.comparison(metrics)
            lines += [
                f"Promises judged ({', '.join(metrics)}), theirs against ours:",
                f"  both kept {table[True, True]:,}; both missed {table[False, False]:,}",
                f"  theirs kept, ours missed {table[True, False]:,}",
                f"  theirs missed, ours kept {table[False, True]:,}",
            ]
        return lines

    def _sum(self) -> str:
        return (
            f"{self.rows:,} rows = {self.applied:,} applied + {self.changing_nothing:,} changing "
            f"nothing + {len(self.refusals):,} refused + {self.rows_here_already:,} of cases that "
            "were here already."
        )

    def as_dict(self, metrics: tuple[str, ...]) -> dict[str, Any]:
        """The report for programs."""
        table = self.comparison(metrics)
        return {
            "cases": self.cases,
            "cases_here_already": self.cases_here_already,
            "rows": self.rows,
            "applied": self.applied,
            "changing_nothing": self.changing_nothing,
            "refused": [
                {"row": one.row, "case": one.case, "reason": one.reason} for one in self.refusals
            ],
            "rows_here_already": self.rows_here_already,
            "deeds": dict(self.deeds),
            "judged": {
                "both_kept": table[True, True],
                "both_missed": table[False, False],
                "theirs_kept_ours_missed": table[True, False],
                "theirs_missed_ours_kept": table[False, True],
            },
        }
