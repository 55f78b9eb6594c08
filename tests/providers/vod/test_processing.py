"""ProcessImageAsync's own limits: what is below 4 MB is sent, always with a time to expire at."""

import pytest

from bot.domain.provider_errors import InputRefused
from bot.providers.vod.processing import process_request
from tests.providers.work import shipped, work

LIMIT = 4_000_000  # bytes; "less than 4 MB" in its smaller reading (VOD API page, 2026-05)
ENGINES = [name for name, each in shipped().items() if each.provider == "vod" and each.action]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_picture_of_the_limit_is_refused_before_it_is_sent_and_one_below_it_is_not(
    engine: str,
) -> None:
    with pytest.raises(InputRefused):
        process_request(work(engine, bytes(LIMIT)), 7, sub_app_id=1, session="s", now=0.0)
    params = process_request(work(engine, bytes(LIMIT - 1)), 7, sub_app_id=1, session="s", now=0.0)
    assert (params["SessionId"], params["ImageTaskInput"]) == ("s", {"Definition": 7})
    assert params["OutputConfig"]["ExpireTime"].startswith("1970-0")
