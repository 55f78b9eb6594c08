"""Prints for whoever sits at the terminal; an output that takes no more is told in a sentence."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from bot.domain.operator_errors import OutputUnusable
from bot.domain.wording.names import pictures_text
from bot.services.usage.objects import COLUMNS

_PIPE_COLUMNS = 240
_LEFT_OUT = ("channel_id", "started_at", "request_id")  # of the table: it is wide enough


def ask(question: str) -> None:
    """Ask at the terminal; raises typer.Abort for any answer but yes, and where nobody answers."""
    typer.confirm(question, abort=True)


def agreed(_: str) -> None:
    """Take a question for answered: `--yes` was said."""


def say(text: str, *, nl: bool = True) -> None:
    """Print a text; raises OutputUnusable, BrokenPipeError where nobody reads any more."""
    with _writing():
        typer.echo(text, nl=nl)


def say_table(objects: Sequence[Mapping[str, Any]]) -> None:
    """Print usage objects as a table with its sum; raises as `say` does."""
    from rich.console import Console  # noqa: PLC0415 - 10 MB that a running bot does without
    from rich.table import Table  # noqa: PLC0415 - the same

    columns = [name for name in COLUMNS if name not in _LEFT_OUT]
    table = Table(*columns, title="Usage", box=None, header_style="bold")
    for values in objects:
        table.add_row(*("" if values[name] is None else str(values[name]) for name in columns))
    # A pipe has no width to fit: ids must come out whole.
    with _writing():
        Console(width=None if sys.stdout.isatty() else _PIPE_COLUMNS).print(table)
    cost = sum(values["cost_usd"] for values in objects)
    pictures = sum(values["images"] for values in objects)
    jobs = "1 job" if len(objects) == 1 else f"{len(objects)} jobs"
    say(f"{jobs}, {pictures_text(pictures)}, {cost:.2f} USD")


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is left in the buffer would be tried once more, and fail, at the interpreter's end.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise OutputUnusable(why=os.strerror(error.errno or 0)) from None
