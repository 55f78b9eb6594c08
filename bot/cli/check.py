"""`easel check FILE`: what labels a picture carries."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.printing import say


def check(
    file: Annotated[Path, typer.Argument(help="A picture.", exists=True, dir_okay=False)],
    *,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what labels a picture carries, ours or anyone's; needs no database and no token."""
    from bot.cli import findings  # noqa: PLC0415 - only this command needs it

    try:
        found = asyncio.run(findings.check(file))
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}", param_hint="FILE") from error
    say(findings.as_json(found) if as_json_ else findings.rendered(found))
