"""`python -m bench [NAME …]`: runs the named benchmarks, or all, and prints their tables."""

import asyncio
import importlib
import sys

NAMES = (
    "ack",
    "overhead",
    "follow_up",
    "slots",
    "flood",
    "claim",
    "accept",
    "audit",
    "start",
    "memory",
    "body",
    "poll",
    "intake",
    "label",
    "credentials",
    "likeness",
    "lookups",
    "page",
    "autocomplete",
    "usage",
    "words",
)


def main() -> None:
    """Run what was asked for, one after the other."""
    names = sys.argv[1:] or NAMES
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    for name in names:
        asyncio.run(importlib.import_module(f"bench.{name}").main())
        print()


if __name__ == "__main__":
    main()
