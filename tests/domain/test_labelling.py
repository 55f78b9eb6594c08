"""Which words a label has: whose they are, and for which picture."""

from dataclasses import replace

import pytest

from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.job import Destination, Job, JobId, JobState, Options, Order
from bot.domain.labelling import label_of, words_for
from bot.domain.labels.corners import Corner
from bot.domain.labels.label import LabelRules
from bot.domain.labels.origin import Origin
from bot.domain.labels.wording import LabelLanguage, OwnWords

OPERATORS = OwnWords("Made with AI by Ada", "Changed with AI by Ada")
SERVERS = OwnWords(modified="KI war hier")
RULES = LabelRules("Ada", OPERATORS)
NOW = 1_900_000_000.0


def engine(provider: str = "vod", **settings: str) -> Engine:
    return Engine(
        "gg-3.0", provider, provider, Capabilities(("imagine",)), version="3.0", settings=settings
    )


def job(*, is_modified: bool = False) -> Job:
    order = Order(
        id=JobId("0000abcdef123"),
        command="imagine",
        engine="gg-3.0",
        pool="vod",
        options=Options(prompt="a boat"),
        destination=Destination(
            guild_id=1,
            channel_id=2,
            user_id=7,
            application_id=4,
            message_id=5,
            token="t",
            token_expires_at=0,
            filesize_limit=1,
        ),
        is_modified=is_modified,
    )
    return Job(order=order, state=JobState.DELIVERING, created_at=NOW - 9, drawn_at=NOW - 5)


@pytest.mark.parametrize(
    ("server", "generated", "modified"),
    [
        (GuildSettings(), "Made with AI by Ada", "Changed with AI by Ada"),
        (GuildSettings(label_language=LabelLanguage.GERMAN), "KI-generiert", "KI-bearbeitet"),
        (GuildSettings(label_words=SERVERS), "Made with AI by Ada", "KI war hier"),
        (
            GuildSettings(label_language=LabelLanguage.SPANISH, label_words=SERVERS),
            "Generado por IA",
            "KI war hier",
        ),
    ],
)
def test_the_servers_words_come_before_its_languages_and_these_before_the_operators(
    server: GuildSettings, generated: str, modified: str
) -> None:
    assert words_for(server, RULES, Origin.GENERATED) == generated
    assert words_for(server, RULES, Origin.MODIFIED) == modified


def test_what_no_model_made_says_so_whatever_words_somebody_chose() -> None:
    server = GuildSettings(label_words=OwnWords("AI art", "AI art"))
    label = label_of(job(is_modified=True), engine("local"), server, RULES, now=NOW)
    assert (label.text, label.origin) == ("drawn by a program", Origin.DRAWN)
    assert label.origin.source_type.endswith("/algorithmicMedia")


def test_nobodys_words_are_english() -> None:
    server, rules = GuildSettings(), LabelRules("Ada")
    assert words_for(server, rules, Origin.GENERATED) == "AI-generated"
    assert words_for(server, rules, Origin.MODIFIED) == "AI-modified"


def test_a_label_names_what_made_the_picture_and_when_it_was_made() -> None:
    made = label_of(job(), engine(), GuildSettings(label_corner=Corner.TOP_LEFT), RULES, now=NOW)
    assert (made.system, made.system_version) == (engine().title, "3.0")
    assert (made.producer, made.job_id, made.created_at) == ("Ada", "0000abcdef123", NOW - 5)
    assert (made.corner, made.marked) == (Corner.TOP_LEFT, None)
    assert (made.prompt, made.asker) == ("", "")


def test_prompt_and_asker_are_told_where_the_operator_turned_that_on() -> None:
    rules = replace(RULES, tells_prompts=True)
    made = label_of(job(), engine(), GuildSettings(), rules, now=NOW)
    assert (made.prompt, made.asker) == ("a boat", "Discord user 7")


def test_an_engine_that_the_catalogue_lost_is_named_as_the_job_has_it() -> None:
    made = label_of(job(is_modified=True), None, GuildSettings(), RULES, now=NOW)
    assert (made.system, made.origin) == ("gg-3.0", Origin.MODIFIED)
