"""`easel certificate new`: a certificate chain of one's own, to try signing out with."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.printing import say
from bot.domain.operator_errors import FileUnusable

cli = typer.Typer(no_args_is_help=True, help="With what results are signed (C2PA).")

CHAIN, KEY, ROOT = "c2pa-chain.pem", "c2pa-key.pem", "c2pa-root.pem"

_MADE = """\
{chain}
{key}
{root}
Sign with them: EASEL_C2PA_CERT={chain} EASEL_C2PA_KEY={key}
They are good for {days} days. Nobody vouches for a certificate that somebody made for themselves: \
readers will call its signer unknown or untrusted, though they see whether a picture was changed. \
Who is given {root} can tell by it that the pictures are yours."""
_MOST_CHARS = 64  # of an organisation (X.520)
_REMEDY = "Name another folder with --out."


@cli.callback()
def _certificate() -> None:
    """Keep `new` a command of its own: it is the only one."""


@cli.command()
def new(
    *,
    out: Annotated[
        Path, typer.Option(help="The folder that the files go into.", file_okay=False)
    ] = Path(),
    organisation: Annotated[
        str, typer.Option(help="Who signs, as readers show it.")
    ] = "Easel, self-signed",
) -> None:
    """Make a certificate of one's own, to try signing out; readers will call it untrusted."""
    say(new_certificate(out, organisation.strip()))


def new_certificate(folder: Path, organisation: str) -> str:
    """Make the files and return what to print; nothing that exists is replaced.

    Raises FileUnusable, or CredentialsUnreadable without the extra.
    """
    from bot.imaging.credentials.own_chain import VALID_DAYS, own_chain  # noqa: PLC0415 - here alone

    if not 0 < len(organisation) <= _MOST_CHARS:
        text = f"takes 1 to {_MOST_CHARS} characters"
        raise typer.BadParameter(text, param_hint="--organisation")
    made = own_chain(organisation, time.time())
    paths = [folder / name for name in (CHAIN, KEY, ROOT)]
    taken = next((path for path in paths if os.path.lexists(path)), None)
    if taken is not None:
        raise FileUnusable(file=taken, done="made", why="there is one already", remedy=_REMEDY)
    for path, content in zip(paths, (made.chain, made.key, made.root), strict=True):
        _write(path, content, mode=0o600 if path.name == KEY else 0o644)
    chain, key, root = paths
    return _MADE.format(chain=chain, key=key, root=root, days=VALID_DAYS)


def _write(path: Path, content: bytes, *, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        why = error.strerror or str(error)
        raise FileUnusable(file=path, done="made", why=why, remedy=_REMEDY) from None
