"""What Prometheus reads of the outbox."""

from __future__ import annotations

from prometheus_client import Counter

MAILS = Counter("servicedesk_mails_total", "Mails taken up, by what came of it.", ("outcome",))
AWAY = Counter(
    "servicedesk_mail_server_away_total", "Times that the mail server could not be reached at all."
)
