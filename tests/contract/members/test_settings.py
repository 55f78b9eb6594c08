"""What members set for themselves, and what they were told once."""

import asyncio

from storage import Storage

ADA, BOB = 1_300_000_000_000_000_001, 1_300_000_000_000_000_002


async def test_what_a_member_set_is_theirs_until_it_is_replaced_or_removed(
    storage: Storage,
) -> None:
    kept = storage.member_settings
    assert await kept.value(ADA, "remix") is None
    await kept.keep(ADA, "remix", "yes")
    await kept.keep(BOB, "remix", "no")
    await kept.keep(ADA, "other", "")
    assert await kept.value(ADA, "remix") == "yes"
    await kept.keep(ADA, "remix", "no")
    assert await kept.value(ADA, "remix") == "no"
    await kept.keep(ADA, "remix", None)
    assert await kept.value(ADA, "remix") is None
    assert await kept.value(ADA, "other") == ""
    assert await kept.value(BOB, "remix") == "no"


async def test_of_several_that_come_first_at_once_one_is(storage: Storage) -> None:
    told = [storage.member_settings.keep_first(ADA, "told", str(number)) for number in range(5)]
    assert sorted(await asyncio.gather(*told)) == [False] * 4 + [True]
    assert await storage.member_settings.keep_first(BOB, "told", "x")
    assert not await storage.member_settings.keep_first(BOB, "told", "y")
    assert await storage.member_settings.value(BOB, "told") == "x"


async def test_several_are_kept_and_removed_together_and_read_at_once(storage: Storage) -> None:
    kept = storage.member_settings
    assert await kept.values(ADA) == {}
    await kept.keep(ADA, "remix", "yes")
    await kept.keep_all(ADA, {"engine": "x", "ratio": "1:1"})
    await kept.keep_all(BOB, {"engine": "y"})
    assert await kept.values(ADA) == {"remix": "yes", "engine": "x", "ratio": "1:1"}
    await kept.keep_all(ADA, {"engine": None, "ratio": "16:9", "style": None})
    assert await kept.values(ADA) == {"remix": "yes", "ratio": "16:9"}
    assert await kept.values(BOB) == {"engine": "y"}
