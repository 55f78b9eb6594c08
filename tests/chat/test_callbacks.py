"""A callback that cannot be made any more."""

import aiohttp
import pytest
from discord.webhook.async_ import MultipartParameters

from bot.chat.callbacks import Callbacks
from bot.domain.errors import NotAcknowledged


async def test_what_comes_while_the_bot_logs_out_is_not_acknowledged_and_breaks_nothing() -> None:
    async with aiohttp.ClientSession() as closed:
        pass
    params = MultipartParameters(payload={"type": 5}, multipart=None, files=None)
    with pytest.raises(NotAcknowledged, match="logged out"):
        await Callbacks(1).create_interaction_response(
            2, "token", params=params, session=closed, proxy=None, proxy_auth=None
        )
