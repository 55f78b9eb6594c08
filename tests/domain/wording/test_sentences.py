"""Every sentence for members: plain text, harmless in the chat, and no word of an operator."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bot.domain import errors, provider_errors
from bot.domain.engines import errors as wish_errors
from bot.domain.engines.errors import OthersTakeIt, UnknownEngine
from bot.domain.errors import NotPossible, OneOfNamedPictures
from bot.domain.jobs import errors as job_errors
from bot.domain.permutations import errors as permutation_errors
from bot.domain.pictures import errors as picture_errors
from bot.domain.provider_errors import ServerFault
from bot.domain.quotas import errors as quota_errors
from bot.domain.wording.sentences import NOBODY_NAMED, Operator, Spoken
from tests.domain.wording.markdown import drawn, live

MODULES = (
    errors,
    provider_errors,
    job_errors,
    picture_errors,
    quota_errors,
    wish_errors,
    permutation_errors,
)
KINDS = sorted(
    {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Spoken)
    },
    key=lambda kind: kind.__name__,
)
HOSTILE = "# [a](https://x.example) **b** <@1> `c`"
ROOT = Path(__file__).parents[3]


def templates(kind: type[Spoken]) -> Iterator[str]:
    """Every way a sentence may end: QuotaSpent has three."""
    if issubclass(kind, quota_errors.QuotaSpent):
        yield from (kind.soon, kind.never, kind.nothing)
    else:
        yield kind.sentence


def spoken(kind: type[Spoken], text: str) -> Spoken:
    """An error whose texts are all the same; gaps with a format are numbers."""
    error = kind.__new__(kind)
    gaps = [
        (name, form)
        for template in templates(kind)
        for _, name, form, _ in Formatter().parse(template)
        if name and not name.startswith("operator")
    ]
    numbers = {"resets_at", "subject_id", "channel_id", "user_id"}
    error.facts = {name: 1 if form or name in numbers else text for name, form in gaps}
    if isinstance(error, picture_errors.FileTooLarge):
        error.facts = {"size": 30 << 20, "limit": 25 << 20}
    if isinstance(error, picture_errors.ShownTooLarge):
        error.facts = {"limit": 10 << 20}
    if isinstance(error, quota_errors.QuotaSpent):
        error.facts |= {"can_hold": True, "most": 1}
    return error


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_whatever_was_typed_does_nothing_in_a_sentence(kind: type[Spoken]) -> None:
    harmless, hostile = spoken(kind, "zebra"), spoken(kind, HOSTILE)
    assert live(hostile.in_chat()) == live(harmless.in_chat())
    said = drawn(hostile.in_chat()).replace("\u2060", "")
    assert said.count(HOSTILE) == drawn(harmless.in_chat()).count("zebra")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_sentence_speaks_of_an_operator(kind: type[Spoken]) -> None:
    for template in templates(kind):
        words = [text for text, *_ in Formatter().parse(template)]
        assert not any("operator" in text for text in words)


def test_a_sentence_is_plain_text_for_a_terminal_and_markdown_for_the_chat() -> None:
    error = UnknownEngine(engine="my_engine", command="imagine", known="gg-3.0")
    assert "“my_engine”" in str(error)
    assert "“my\\_engine”" in error.in_chat()


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (quota_errors.NothingToTakeBack(user_id=7), "<@7> has no extra pictures"),
        (quota_errors.ChannelClosed(channel_id=7, missing="Send Messages"), "post in <#7>: it"),
        (quota_errors.SubmittingPaused(count=5, resets_at=7), "taken again <t:7:R>."),
    ],
)
def test_a_gap_says_what_its_number_stands_for(error: Spoken, shown: str) -> None:
    assert shown in error.in_chat()
    assert error.in_chat() == str(error)


def test_a_refusal_inside_of_another_is_quoted_once() -> None:
    inner = UnknownEngine(engine="a_b", command="imagine", known="gg-3.0")
    for outer in (
        OthersTakeIt(why=inner, others="c_d"),
        OneOfNamedPictures(number=1, name="e_f.png", why=inner),
    ):
        assert str(inner) in str(outer)
        assert inner.in_chat() in outer.in_chat()
        assert "\\\\" not in outer.in_chat()


@pytest.mark.parametrize(
    ("operator", "called", "reached"),
    [
        (NOBODY_NAMED, "whoever runs this bot", "whoever runs this bot"),
        (Operator("Acme_Ltd"), "Acme\\_Ltd", "Acme\\_Ltd"),
        (
            Operator("", "https://help.example"),
            "whoever runs this bot",
            "whoever runs this bot (https://help.example)",
        ),
    ],
)
def test_members_read_who_runs_the_bot(operator: Operator, called: str, reached: str) -> None:
    assert (operator.called, operator.reached) == (called, reached)
    limit = quota_errors.OnlyInServers().in_chat(operator)
    assert limit.endswith(f"only the limits set by {called} apply.")
    assert errors.NotAllowedHere().in_chat(operator).endswith(f"is up to {reached}.")


def test_what_a_service_said_ends_without_a_full_stop_of_its_own() -> None:
    for said in ("wrong request.", "wrong request. ", "wrong request。", "wrong request"):
        assert ServerFault("X", detail=said).detail == "wrong request"


def texts_of(file: Path) -> Iterator[str]:
    """Yield the texts of a program that are no docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    docs = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize(
    "file",
    sorted((*ROOT.glob("cogs/*/*.py"), *ROOT.glob("bot/services/*.py"))),
    ids=lambda file: file.name,
)
def test_no_text_of_a_command_speaks_of_an_operator(file: Path) -> None:
    found = [text for text in texts_of(file) if re.search(r"(?<!\{)\boperator\b", text)]
    # Names of things in the log and in the settings are no member's.
    assert [text for text in found if " " in text] == []


def test_a_kind_of_refusal_is_among_those_looked_at() -> None:
    assert NotPossible in KINDS
    assert len(KINDS) > 60
