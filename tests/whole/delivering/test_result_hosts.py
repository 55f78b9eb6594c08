"""An account whose results lie on a domain of its own: lost once, told once, then not paid for."""

import time
from pathlib import Path

import pytest

from bot.app import App
from bot.checkup.paid_test import engine_of, make
from bot.cli.local_stack import StandIns
from bot.domain.operator_errors import SettingsError
from bot.settings.config import read_settings
from tests.whole.conftest import (
    Clock,
    all_direct_messages,
    direct_messages,
    ledger,
    says,
    until,
    until_settled,
)

OWN = "https://media.example-studio.com"


async def test_one_picture_on_an_unknown_domain_is_lost_and_no_second_one_is_paid(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.account.results.origin = OWN
    ada = stand_ins.visitor("Ada")
    reply = await ada.imagine("a river", engine="gg-3.0")
    await reply.until(says("could not be fetched from the service"))
    [row] = await until_settled(app)
    assert (row.state, row.error_code) == ("unknown", "ResultElsewhere")
    await until(lambda: app.catalogue.suspended("kling-o1") is not None)
    for engine in ("gg-3.0", "kling-o1"):
        refused = await ada.imagine("a river", engine=engine)
        await refused.until(says("not available right now"))
    assert len(stand_ins.tencent.charged) == len(await ledger(app)) == 1
    [message] = await all_direct_messages(stand_ins)
    for words in ("media.example-studio.com", "[results]", "`gg-3.0`", "`kling-o1`"):
        assert words in message.content
    assert "aigcImageGenFile" not in message.content


async def test_a_picture_that_is_drawn_but_not_fetched_lifts_no_pause(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.account.results.origin = OWN
    for count, minutes in enumerate((10, 20), 1):
        await stand_ins.visitor("Ada").imagine("a river", engine="gg-3.0")
        await until_settled(app, count)
        await until(lambda: app.catalogue.suspended("gg-3.0") is not None)
        clock.skipped += minutes * 60 - 5
        await app.engines.look()
        assert app.catalogue.suspended("gg-3.0") is not None
        clock.skipped += 6
        await app.engines.look()
    assert len(direct_messages(stand_ins)) == 1


async def test_a_paid_test_says_where_the_picture_was_and_what_to_do(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    settings = read_settings(stand_ins.variables(tmp_path), folder=tmp_path)
    stand_ins.tencent.account.results.origin = OWN
    with pytest.raises(SettingsError, match=r"media\.example-studio\.com.*\[results\]"):
        await make(settings, engine_of(settings, "gg-3.0"), tmp_path, now=time.time)
