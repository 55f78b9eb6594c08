"""Of many names, a few are named."""

from bot.domain.wording.names import first_few, nearest

ENGINES = ["anime", "gg-3.0", "gg-2.5", "hunyuan-3.0", "kling-2.1", "kling-3.0", "vidu-q2"]


def test_names_like_the_typed_one_come_first() -> None:
    assert nearest("gg-3", ENGINES).startswith("gg-3.0, gg-2.5")
    assert nearest("dall-e", ENGINES) == "anime, gg-3.0, gg-2.5, hunyuan-3.0, kling-2.1"
    assert nearest("x", []) == ""


def test_of_many_names_the_first_few_are_told_and_how_many_more_there_are() -> None:
    assert first_few(ENGINES) == "anime, gg-3.0, gg-2.5, hunyuan-3.0, kling-2.1 and 2 more"
    assert first_few(ENGINES[:2]) == "anime, gg-3.0"
