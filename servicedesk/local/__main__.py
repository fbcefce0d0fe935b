"""The command line of servicedesk.local."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from servicedesk import local
from servicedesk.local.account import ROOT, LocalServerError
from servicedesk.local.keeper import keep
from servicedesk.local.servers import Postgres, Valkey
from servicedesk.local.using import forget, run


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m servicedesk.local",
        description=local.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True)
    execute = actions.add_parser("exec", help="run a command with both servers at hand")
    execute.add_argument("--test", action="store_true", help="other data, quick and not durable")
    execute.add_argument("--base", type=Path, default=ROOT / ".local", help="default: .local")
    execute.add_argument("command", nargs=argparse.REMAINDER)
    keeper = actions.add_parser("keep", help="(started by exec)")
    keeper.add_argument("server", choices=["postgres", "valkey"])
    keeper.add_argument("parent", type=int)
    keeper.add_argument("--test", action="store_true")
    keeper.add_argument("--base", type=Path, default=ROOT / ".local")
    reset = actions.add_parser("reset", help="forget all data of this folder's servers")
    reset.add_argument("--base", type=Path, default=ROOT / ".local")
    given = parser.parse_args(arguments)

    try:
        if given.action == "keep":
            kind = Postgres if given.server == "postgres" else Valkey
            return keep(kind(given.base, test=given.test), given.parent)
        if given.action == "reset":
            return forget(given.base)
        command = given.command[1:] if given.command[:1] == ["--"] else given.command
        if not command:
            parser.error("exec needs a command after --")
        return run(command, base=given.base, test=given.test)
    except LocalServerError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
