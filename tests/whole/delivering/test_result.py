"""/result away from the place where the picture was asked for."""

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Visitor
from tests.whole.conftest import has_pictures, photo, until_settled


async def test_a_result_of_another_server_is_shown_to_its_member_alone(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    await (await ada.restyle(photo())).until(has_pictures)
    [row] = await until_settled(app)
    elsewhere = stand_ins.discord.world.add_guild("another server")
    elsewhere.add_member(ada.user)
    there = Visitor(stand_ins.discord, ada.user, elsewhere.add_channel("general"))
    shown = await there.use("result", job=row.job_id)
    await shown.until(has_pictures)
    assert shown.ephemeral
    here = await ada.use("result", job=row.job_id)
    await here.until(has_pictures)
    assert not here.ephemeral
