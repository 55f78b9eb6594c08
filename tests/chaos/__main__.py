"""`python -m tests.chaos --kills N [--seed N]`: the long round, with its table; exit 0 if good."""

import argparse
import asyncio
import random
import secrets
import sys
import tempfile
from pathlib import Path

from tests.chaos.round import Outcome, play


def main() -> None:
    """Play one round and print what came of it."""
    parser = argparse.ArgumentParser(prog="chaos")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--keep", type=Path, help="a folder for the database and the log")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="easel-chaos-") as folder:
        where = asked.keep or Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        outcome = asyncio.run(play(where, asked.kills, random.Random(asked.seed)))  # noqa: S311 - a game
    sys.stdout.write(f"{_table(outcome)}\nseed {asked.seed}, {outcome.seconds:.0f} s\n")
    sys.exit(0 if outcome.verdict.is_good else 1)


def _table(outcome: Outcome) -> str:
    verdict = outcome.verdict
    ends = verdict.ends
    other = verdict.accepted - ends["done"] - ends["unknown"] - ends["cancelled"]
    figures = {
        "kills": outcome.kills,
        "final closes among them": outcome.final_closes,
        "passing closes": outcome.passing_closes,
        "accepted": verdict.accepted,
        "done": ends["done"],
        "by a later process": verdict.delivered_late,
        "unknown": ends["unknown"],
        "cancelled": ends["cancelled"],
        "of them paid": verdict.cancelled_at_work,
        "other ends": other,
        "lost": len(verdict.lost),
        "posted twice": len(verdict.posted_twice),
        "paid twice": len(verdict.paid_twice),
        "ledger off": len(verdict.unbalanced),
    }
    faults = [verdict.lost, verdict.posted_twice, verdict.paid_twice, verdict.unbalanced]
    lines = [
        "| " + " | ".join(figures) + " |",
        "|" + "--:|" * len(figures),
        "| " + " | ".join(map(str, figures.values())) + " |",
        *(f"look at: {', '.join(map(str, ids))}" for ids in faults if ids),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
