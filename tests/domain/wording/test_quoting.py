"""Quoted words read as they were typed and do nothing; shortened ones are cut between letters."""

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.wording.quoting import Markup, coded, has_visible, in_one_line, quoted, shortened
from tests.domain.wording.graphemes import EMOJI, FAMILY, FLAG, THUMB
from tests.domain.wording.markdown import drawn, live

WORD_JOINER = "\u2060"

LIVE = [
    "https://x.example",
    "HTTPS://X.EXAMPLE/a_b_c",
    "steam://run/1",
    "<https://x.example>",
    "[a](https://x.example) [free](https://y.example)",
    "https://x.example/[free](https://y.example)",
    "[a [nested] one](https://x.example)",
    "![a picture](https://x.example)",
    "[a](<https://x.example>)",
    "[a](https://x.example 'a title')",
    "`code` [a](https://x.example)",
    "``[a](https://x.example)",
    r"\[a](https://x.example)",
    r"\\[a](https://x.example)",
    r"\\\https://x.example",
    "mailto:me@x.example",
    "<mailto:me@x.example>",
    "<me@x.example>",
    "<+4930123456>",
    "tel:+4930123456",
    "discord://-/channels/1/2",
    "discord:x",
    "join discord.gg/abc",
    "discord.com/invite/abc and discordapp.com/invite/abc",
    "<id:customize>",
    "</imagine:123456789012345678>",
    "<t:1800000000:R>",
    "@everyone @here",
    "<@123456789012345678> <@!1> <@&2> <#3>",
    "# a heading",
    "### a small one",
    "-# small print",
    "> a quote",
    ">>> a long one",
    "- a list",
    "* a list",
    "12. a list",
    "**bold** *italic* __under__ _it_ ~~gone~~ ||hidden||",
    "`code` and ```block```",
    ":smile: :+1: 1:100:2",
]
PIECES = [
    *LIVE,
    *(EMOJI, f"<a{EMOJI[1:]}", "<:x:1>", FAMILY, FLAG, THUMB, "é", "e\u0301", "नमस्ते", "שלום"),
    *("\\", "`", "``", "[", "]", "(", ")", "<", ">", ":", "//", "https", "@", "#", "-", " ", "\n"),
    *("*", "_", "~", "|", "1.", "everyone", "here", ".gg/", "discord", "\u200b", "\u2028", "!"),
]
LONG_LETTERS = [EMOJI, FAMILY, FLAG, THUMB, "e\u0301", "नमस्ते", "1️⃣", "<@123456789>", "a", " "]
WORDS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join)


def seen(markup: str) -> str:
    """What a reader sees; the joiner that breaks links has no width."""
    return drawn(markup).replace(WORD_JOINER, "")


def test_a_number_begins_a_list_only_with_a_space_behind_its_point() -> None:
    assert quoted("25.1 MiB") == "25.1 MiB"
    assert quoted("12. a list") == "12\\. a list"
    assert quoted("12.") == "12\\."


@pytest.mark.parametrize("typed", LIVE)
def test_every_notation_is_live_as_typed_and_reads_the_same_when_quoted(typed: str) -> None:
    assert live(typed)
    assert live(quoted(typed)) == []
    assert seen(quoted(typed)) == typed


@pytest.mark.parametrize("around", ["{}", "> {}", "-# {}", "“{}”", "**Queued** · {}", "it: {}."])
@given(typed=WORDS)
def test_quoted_words_do_nothing_and_read_as_they_were_typed(around: str, typed: str) -> None:
    own = live(around.format("x"))
    assert live(around.format(quoted(typed))) == own
    line = in_one_line(typed.replace(WORD_JOINER, ""))
    assert seen(quoted(typed)) == line


@given(WORDS)
def test_no_link_is_left_in_what_is_drawn_either(typed: str) -> None:
    assert not re.search(r"\w://", drawn(quoted(typed)))


@given(WORDS, st.integers(1, 60))
def test_the_markdown_of_so_many_characters_has_at_most_twice_as_many(
    typed: str, most: int
) -> None:
    assert len(quoted(typed, most)) <= 2 * most


@pytest.mark.parametrize(
    "kept",
    [
        EMOJI,
        f"<a{EMOJI[1:]}",
        FAMILY,
        FLAG,
        THUMB,
        "e\u0301",
        "नमस्ते",
        "שלום",
        "16:9",
        "5 € – “a”",
        "25.1 MiB",
    ],
)
def test_emoji_and_scripts_stay_as_they_are(kept: str) -> None:
    assert quoted(kept) == kept
    assert quoted(f"{kept} {kept}") == f"{kept} {kept}"


def test_what_was_quoted_is_not_quoted_again() -> None:
    once = quoted("a*b")
    assert quoted(once) is once
    assert quoted(Markup("**a**")) == "**a**"


@given(WORDS)
def test_code_is_one_piece_of_code(typed: str) -> None:
    markup = coded(typed or "x")
    assert markup.count("`") == 2
    assert "\n" not in markup


@given(st.lists(st.sampled_from(LONG_LETTERS), max_size=12).map("".join), st.integers(1, 60))
def test_a_text_is_cut_between_letters_emoji_and_mentions(typed: str, most: int) -> None:
    short = shortened(typed, most)
    assert len(short) <= most
    if short == typed:
        return
    assert short.endswith("…")
    kept = short.removesuffix("…")
    assert typed.startswith(kept)
    assert (
        regex.findall(r"\X", kept) == regex.findall(r"\X", typed)[: len(regex.findall(r"\X", kept))]
    )
    for found in re.finditer(r"<(a?:\w+:[0-9]+|[@#][!&]?[0-9]+)>", typed, re.ASCII):
        assert not found.start() < len(kept) < found.end()


@pytest.mark.parametrize(
    ("typed", "most", "short"),
    [
        ("a fox", 5, "a fox"),
        ("a fox in the snow", 8, "a fox i…"),
        ("a fox in the snow", 7, "a fox…"),
        (f"a {FAMILY}{FAMILY}", 12, f"a {FAMILY}…"),
        (f"a {FLAG}{FLAG}{FLAG}", 6, f"a {FLAG}…"),
        (f"{THUMB}{THUMB}", 3, f"{THUMB}…"),
        (f"my {EMOJI} cat", 20, "my…"),
        ("e\u0301" * 9, 4, "e\u0301…"),
    ],
)
def test_the_room_is_used_as_far_as_whole_letters_go(typed: str, most: int, short: str) -> None:
    assert shortened(typed, most) == short


@pytest.mark.parametrize(
    "blank",
    [
        *(
            "",
            " \t\n\u3000",
            "\u200b",
            "\u2060\ufeff",
            "\u3164",
            "\u2800",
            "\u115f\u1160",
            "\uffa0",
        ),
        *("\u034f", "\u00ad", "\ufe0f", "\u0301", "\u17b4", "\ue000", "\U000e0041", "\U0001d159"),
        *("\u200e\u200f", "\U00013441", "\u180e", "\uffff"),
    ],
    ids=ascii,
)
def test_what_nobody_can_see_is_not_visible(blank: str) -> None:
    assert not has_visible(blank)
    assert has_visible(f"{blank}a{blank}")


@pytest.mark.parametrize(
    "text", ["a", "。", "#", FAMILY, FLAG, "1️⃣", "e\u0301", "नि", "한", "\u200fא", "\U0001fae9", "©"]
)
def test_letters_signs_and_emoji_of_any_script_are_visible(text: str) -> None:
    assert has_visible(text)
