"""Make the data of one size: `python -m benchmarks.make SIZE`, in the database of DATABASE_URL.

Prints, as JSON, how quickly.
"""

from __future__ import annotations

import json
import logging
import random
import sys
import time
from datetime import timedelta

import django


def main() -> int:
    """Play the patterns, multiply them, check a sample."""
    django.setup()
    logging.disable(logging.INFO)
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from benchmarks import multiply, world
    from requests_app.models import ServiceRequest
    from slas import replay, sweep

    size, now = int(sys.argv[1]), timezone.now()
    call_command("migrate", verbosity=0)
    world.found(now - timedelta(days=900))
    played = world.play(now)
    begin = time.perf_counter()
    rows = multiply.multiply(played.patterns, size)
    took = time.perf_counter() - begin
    sweep.sweep(timezone.now())
    ids = list(ServiceRequest.objects.order_by("pk").values_list("pk", flat=True))
    sample = random.Random(1).sample(ids, min(2000, size))  # noqa: S311
    wrong = [
        str(one)
        for start in range(0, len(sample), 500)
        for one in replay.differences(sample[start : start + 500], timezone.now())
    ]
    assert not wrong, wrong[:10]
    figures = rebuild_figures()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_database_size(current_database())")
        (on_disk,) = cursor.fetchone()
    said = {
        "made_at": now.isoformat(),
        "requests": len(ids),
        "seeded_requests_per_second": round(len(played.patterns) / played.seconds, 1),
        "seeded_deeds_per_second": round(played.deeds / played.seconds, 1),
        "copied_rows": rows,
        "copied_seconds": round(took, 1),
        "clocks_checked": len(sample),
        "figures_seconds": figures,
        "bytes": on_disk,
    }
    print(json.dumps(said))
    return 0


def rebuild_figures() -> float:
    """Fill the tables of figures from the facts; how many seconds it took."""
    from django.utils import timezone

    from servicedesk import counting

    begin = time.perf_counter()
    counting.make_anew(timezone.now())
    return round(time.perf_counter() - begin, 1)


if __name__ == "__main__":
    sys.exit(main())
