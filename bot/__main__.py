"""The command line: one function per `easel` command; exit codes 0, 1, 2.

What only one command needs is imported there, so that `run` does not hold it in memory for months:
the doctor, the stand-ins and the printing of tables are 10 MB (measured).
"""

import asyncio
import os
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli import certificate, operate
from bot.cli.check import check
from bot.cli.printing import agreed, ask, say, say_table
from bot.cli.stopping import stop_on_signals
from bot.domain.errors import EaselError
from bot.domain.operator_errors import FileUnusable, NotPlayed, SettingsError, told
from bot.domain.wording.durations import seconds_of
from bot.services.usage.objects import as_csv, as_json, usage_objects
from bot.settings.config import Settings, read_settings
from bot.watch.memory import give_large_blocks_back, leave_out_command_lines
from storage import migrate_storage, open_storage

_FAILED = 1
_WRONG_SETTINGS = 2
_LARGEST_ID = 2**63 - 1  # what a database keeps; Discord's ids are smaller
_REASON_MOST = 300  # characters; the reason stands in members' messages

cli = typer.Typer(
    name="easel",
    help="A Discord bot that makes pictures: fair queue, exact ledger, lawful label.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

styles_cli = typer.Typer(no_args_is_help=True, help="What members see of an engine's styles.")
cli.add_typer(styles_cli, name="styles")
cli.add_typer(certificate.cli, name="certificate")
cli.command()(check)


class UsageFormat(StrEnum):
    """How `easel usage` prints."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def main() -> None:
    """Run the command line; errors for people become one sentence and an exit code."""
    os.umask(0o077)  # the database and the pictures are nobody else's on this machine
    try:
        cli()
    except SettingsError as error:
        _exit(str(error), _WRONG_SETTINGS)
    except EaselError as error:
        _exit(told(error), _FAILED)
    except BrokenPipeError:
        sys.exit(_FAILED)


@cli.callback(invoke_without_command=True)
def easel(
    *,
    wants_version: Annotated[
        bool, typer.Option("--version", help="The same as `version`.")
    ] = False,
) -> None:
    """Take what stands before a command."""
    if wants_version:
        version()
        raise typer.Exit


@cli.command()
def run(
    *,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Only take requests.")] = False,
) -> None:
    """Run the bot: gateway and worker in one process."""
    leave_out_command_lines()
    settings = _settings()
    if settings.variables.DISCORD_TOKEN is None:
        raise SettingsError(
            "DISCORD_TOKEN: not set (copy it from your application's Bot page in the Discord "
            "developer portal; `easel demo` needs none)"
        )
    give_large_blocks_back()
    asyncio.run(_run(settings, with_worker=not no_worker))


@cli.command()
def demo(
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port of the page; 0 = any free one.")
    ] = 8765,
    once: Annotated[bool, typer.Option("--once", help="Run one round without a page.")] = False,
    image: Annotated[
        Path | None,
        typer.Option(help="The photo to restyle.", exists=True, dir_okay=False, readable=True),
    ] = None,
    prompt: Annotated[str, typer.Option(help="The prompt of that round.")] = "as a watercolour",
    out: Annotated[Path, typer.Option(help="Where --once writes pictures and messages.")] = Path(
        "out"
    ),
) -> None:
    """Run the real bot on the embedded stand-ins of Discord and Tencent: no account needed."""
    from bot.cli.demo.play import run_demo  # noqa: PLC0415 - only this command needs it
    from bot.cli.demo.request import DemoRequest, check_out  # noqa: PLC0415 - only this command needs it

    async def played(request: DemoRequest) -> int:
        async with stop_on_signals() as stop:
            return await run_demo(request, stop)

    from bot.watch.logs import set_up_logs  # noqa: PLC0415 - only this command needs it

    set_up_logs("console")
    request = DemoRequest(port=port, once=once, image=image, prompt=prompt, out=out)
    try:
        check_out(request)
    except FileUnusable as error:
        raise typer.BadParameter(str(error), param_hint="--out") from error
    try:
        raise typer.Exit(asyncio.run(played(request)))
    except NotPlayed as error:
        raise typer.BadParameter(str(error)) from error


@cli.command()
def doctor(
    *,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    set_vod_quota: Annotated[
        int | None, typer.Option(min=1, help="Let the VOD application make so many more.")
    ] = None,
    paid_test: Annotated[
        str | None, typer.Option(metavar="ENGINE", help="Make one real picture, at its price.")
    ] = None,
    post_test: Annotated[
        str | None, typer.Option(metavar="CHANNEL", help="Post labelled pictures, see what stays.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before the paid test.")] = False,
) -> None:
    """Check settings, database, font, Discord login and Tencent; say what to do."""
    from bot.cli import doctor as does  # noqa: PLC0415 - only this command needs it

    if sum(option is not None for option in (set_vod_quota, paid_test, post_test)) > 1:
        alone = "--set-vod-quota, --paid-test and --post-test go one at a time"
        raise typer.BadParameter(alone)
    if paid_test is not None:
        if as_json_:
            raise typer.BadParameter("does not go with --json", param_hint="--paid-test")
        does.paid_test(_settings(), paid_test, is_agreed=yes)
        return
    if post_test is not None:
        is_well = does.post_test(_settings(), post_test, as_json=as_json_)
    else:
        if set_vod_quota is not None:
            from bot.checkup.reconcile import vod_of  # noqa: PLC0415 - only this option needs it

            vod_of(_settings())
        is_well = does.examine(set_vod_quota, as_json=as_json_)
    raise typer.Exit(0 if is_well else _FAILED)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    revision = asyncio.run(migrate_storage(_settings().database_url))
    say(f"The database is at schema {revision}.")


@cli.command()
def usage(
    *,
    since: Annotated[str, typer.Option(help="How far back: 12h, 30d, 2w.")] = "30d",
    guild: Annotated[
        int | None, typer.Option(min=0, max=_LARGEST_ID, help="Only this server's jobs, by its id.")
    ] = None,
    form: Annotated[UsageFormat, typer.Option("--format", help="The form.")] = UsageFormat.TABLE,
) -> None:
    """Print the usage ledger."""
    objects = asyncio.run(_usage(_settings(), _span(since), guild))
    if form is UsageFormat.JSON:
        say(as_json(objects))
    elif form is UsageFormat.CSV:
        say(as_csv(objects), nl=False)
    else:
        say_table(objects)


@cli.command()
def reconcile(
    *, since: Annotated[str, typer.Option(help="How far back: 12h, 30d, 2w.")] = "30d"
) -> None:
    """Compare the ledger with the cloud's own count of VOD's pictures; exit code 1: they differ."""
    from bot.checkup import reconcile as reconciling  # noqa: PLC0415 - only this command needs it

    lines = asyncio.run(reconciling.reconcile(_settings(), _span(since), now=time.time))
    say(reconciling.render(lines))
    raise typer.Exit(_FAILED if any(line.difference for line in lines) else 0)


@cli.command()
def pause(*, reason: Annotated[str, typer.Option(help="What waiting members read.")] = "") -> None:
    """Stop the starting of jobs everywhere; what runs is finished, new jobs wait."""
    if len(reason) > _REASON_MOST:
        text = f"{len(reason)} characters; at most {_REASON_MOST} fit into members' messages"
        raise typer.BadParameter(text, param_hint="--reason")
    say(asyncio.run(operate.pause(_settings(), reason.strip())))


@cli.command()
def resume() -> None:
    """Let jobs start again."""
    say(asyncio.run(operate.resume(_settings())))


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes; must not exist.")],
) -> None:
    """Copy the SQLite database, consistently, while the bot runs."""
    try:
        say(asyncio.run(operate.backup(_settings(), file)))
    except FileExistsError as error:
        raise typer.BadParameter(f"{file} exists; name a new file", param_hint="FILE") from error
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}", param_hint="FILE") from error


@styles_cli.command("make")
def styles_make(
    engine: Annotated[str, typer.Argument(help="An engine that has styles, by its name.")],
    *,
    photo: Annotated[
        Path | None,
        typer.Option(help="The photo to draw in each of them.", exists=True, dir_okay=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask once the price is told.")] = False,
) -> None:
    """Draw one photo in every style of an engine, for /styles; again: only what is missing."""
    from bot.cli.styles.make import Terminal, make  # noqa: PLC0415 - only this command needs it

    terminal = Terminal(agree=agreed if yes else ask, say=say)
    say(asyncio.run(make(_settings(), engine, photo, now=time.time, terminal=terminal)))


@cli.command()
def version() -> None:
    """Print the versions of the program, its schema, Python and discord.py."""
    from bot.cli.version import versions  # noqa: PLC0415 - only this command needs it

    say(versions())


async def _run(settings: Settings, *, with_worker: bool) -> None:
    from bot import app as bot_app  # noqa: PLC0415 - only this command needs it

    async with stop_on_signals() as stop:
        await bot_app.run(settings, stop, now=time.time, with_worker=with_worker, reread=_settings)


async def _usage(settings: Settings, span_s: float, guild: int | None) -> list[dict[str, Any]]:
    url, folder = settings.database_url, settings.variables.EASEL_DATA_DIR
    async with open_storage(url, folder, readonly=True) as storage:
        return await usage_objects(storage.usage, now=time.time(), span_s=span_s, guild_id=guild)


def _span(since: str) -> float:
    try:
        return seconds_of(since)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from error


def _settings() -> Settings:
    settings = read_settings()
    # Only now: the running bot loads structlog without rich, see `leave_out_command_lines`.
    from bot.watch.logs import set_up_logs  # noqa: PLC0415 - only this command needs it

    set_up_logs(settings.variables.EASEL_LOG, settings.secrets)
    return settings


def _exit(sentence: str, code: int) -> None:
    typer.echo(sentence, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
