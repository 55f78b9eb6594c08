"""The operator hears in time that a package of the cloud account ends, and once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.services.packages import Packages
from tests.whole.conftest import (
    Run,
    all_direct_messages,
    direct_messages,
    has_pictures,
    photo,
    until_settled,
)


def packages(app: App) -> Packages:
    [found] = [each for each in app.beside if isinstance(each, Packages)]
    return found


async def test_the_operator_is_told_by_direct_message_before_a_package_ends_over_restarts_once(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    ends = datetime.now(UTC).date() + timedelta(days=9)
    listed = f'[[packages]]\npool = "aiart"\nimages = 1\nexpires = {ends}\n'
    (tmp_path / "easel.toml").write_text(listed)
    async with run() as app:
        [expires] = await all_direct_messages(stand_ins)
        assert "1 of 1 left" in expires.content
        assert "`[[packages]]`" in expires.content
        await (await stand_ins.visitor("Ada").restyle(photo())).until(has_pictures)
        await until_settled(app)
        await packages(app).look()
        assert len(direct_messages(stand_ins)) == 2
        assert "is used up:** aiart until " in direct_messages(stand_ins)[1].content
    async with run() as app:
        await packages(app).look()
    assert len(direct_messages(stand_ins)) == 2
