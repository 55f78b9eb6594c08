"""A commit of an accepted job loses its answer, or never came to be: budgets are warned of once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.world import Channel
from tests.whole.conftest import has_pictures, says, until, until_settled
from tests.whole.failing.broken_storage import io_error, losing_the_answer_of_a_commit
from tests.whole.moderating.log_channel import noted, posted


async def log_with_a_budget(stand_ins: StandIns) -> Channel:
    """Where the server is warned of its budget of five pictures."""
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    mo, channel = stand_ins.visitor("Mo"), stand_ins.guild.add_channel("log")
    await mo.use("settings log", channel=channel)
    await mo.use("settings budget", images=5)
    return channel


async def four_of_five(stand_ins: StandIns) -> Reply:
    return await stand_ins.visitor("Ada").imagine("four boats", engine="og-medium", count=4)


@contextmanager
def failing_once(app: App, statement: str) -> Iterator[None]:
    """The first statement that begins like this does not reach the database."""
    engine, failed = app.storage.engine.sync_engine, []

    def fail(_: object, __: object, text: str, *___: object) -> None:
        if text.startswith(statement) and not failed:
            failed.append(text)
            raise io_error()

    event.listen(engine, "before_cursor_execute", fail)
    yield
    event.remove(engine, "before_cursor_execute", fail)
    assert failed


async def test_a_warning_of_a_commit_that_lost_its_answer_comes_with_the_next_request(
    app: App, stand_ins: StandIns, tmp_path: Path
) -> None:
    log = await log_with_a_budget(stand_ins)
    with losing_the_answer_of_a_commit(app, tmp_path):
        await (await four_of_five(stand_ins)).until(has_pictures)
    assert (posted(log), await noted(app)) == ([], 0)
    await (await stand_ins.visitor("Bob").imagine("a boat")).until(has_pictures)
    await until(lambda: len(posted(log)) == 1)
    await until_settled(app, 2)


async def test_so_does_that_of_a_prompt_with_choices(
    app: App, stand_ins: StandIns, tmp_path: Path
) -> None:
    log, ada = await log_with_a_budget(stand_ins), stand_ins.visitor("Ada")
    question = await (await ada.imagine("{one,two,three,four} boats")).until(says("one for each"))
    with losing_the_answer_of_a_commit(app, tmp_path):
        await ada.press(question, "Make them")
        await until_settled(app, 4)
    assert (posted(log), await noted(app)) == ([], 0)
    await (await stand_ins.visitor("Bob").imagine("a boat")).until(has_pictures)
    await until(lambda: len(posted(log)) == 1)
    await until_settled(app, 5)


async def test_no_job_waits_for_its_message_until_a_warning_is_told(
    app: App, stand_ins: StandIns
) -> None:
    log, ada = await log_with_a_budget(stand_ins), stand_ins.visitor("Ada")
    question = await (await ada.imagine("{one,two,three,four} boats")).until(says("one for each"))
    press = await ada.press(question, "Make them")
    await until(lambda: len(posted(log)) == 1)
    calls = [(each.call.method, each.call.path) for each in stand_ins.discord.exchanges]
    told = next(n for n, (_, path) in enumerate(calls) if path.endswith(f"{log.id}/messages"))
    shown = [path for method, path in calls[:told] if method == "POST" and "/webhooks/" in path]
    assert len([path for path in shown if press.interaction.token in path]) == 4
    await until_settled(app, 4)


async def test_a_warning_of_a_request_that_was_accepted_at_the_second_try_is_given_once(
    app: App, stand_ins: StandIns
) -> None:
    log = await log_with_a_budget(stand_ins)
    with failing_once(app, "INSERT INTO jobs"):
        await (await four_of_five(stand_ins)).until(has_pictures)
    await until(lambda: len(posted(log)) == 1)
    assert await noted(app) == 1
    await until_settled(app)
