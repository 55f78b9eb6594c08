"""A job in a list: its words, its link, and its id as a member types it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.jobs.job import Job, JobState, Options
from cogs.views.job_option import job_id_of_text
from cogs.views.job_texts import link_to, quoted_words_of, words_of
from tests.contract.orders import NOW, order


def job(prompt: str = "a quiet lake", guild: int | None = 1, **row: Any) -> Job:
    asked = order(guild=guild, options=Options(prompt=prompt))
    return Job(asked, JobState.DONE, created_at=NOW, **row)


def test_a_job_is_named_by_the_first_words_of_its_prompt() -> None:
    assert words_of(job("a quiet\n\n  lake")) == "a quiet lake"
    assert words_of(job("word " * 40)) == ("word " * 40)[:49].rstrip() + "…"


def test_a_job_without_words_is_named_by_its_command() -> None:
    assert words_of(job("  ")) == "/restyle"


def test_in_a_message_its_words_do_nothing() -> None:
    assert words_of(job("*all* <@1>")) == "*all* <@1>"
    assert quoted_words_of(job("*all*")) == r"\*all\*"


def test_the_link_leads_to_the_message_that_shows_it() -> None:
    to = order().destination
    place = f"{to.guild_id}/{to.channel_id}"
    assert link_to(job()).endswith(f"(https://discord.com/channels/{place}/{to.message_id})")
    moved = job(posted_channel_id=to.channel_id, posted_message_id=77)
    assert link_to(moved).endswith(f"(https://discord.com/channels/{place}/77)")


@pytest.mark.parametrize("guild", [1, None])
def test_a_result_in_direct_messages_is_linked_there(guild: int | None) -> None:
    told = job(guild=guild, posted_channel_id=88, posted_message_id=77)
    assert link_to(told).endswith("(https://discord.com/channels/@me/88/77)")


@pytest.mark.parametrize("hidden", [{"private": True}, {"message_id": None}])
def test_what_others_cannot_open_has_no_link(hidden: dict[str, Any]) -> None:
    shown = job()
    to = replace(shown.order.destination, **hidden)
    assert link_to(replace(shown, order=replace(shown.order, destination=to))) == ""


@pytest.mark.parametrize(
    ("typed", "job_id"),
    [
        (" 0ABCDEF012345 ", "0abcdef012345"),
        ("0abcdef012345 · a quiet lake · queued", "0abcdef012345"),
        ("", ""),
    ],
)
def test_an_id_is_read_as_it_is_typed_or_as_it_was_suggested(typed: str, job_id: str) -> None:
    assert job_id_of_text(typed) == job_id


def test_whatever_is_typed_as_an_id_is_short() -> None:
    assert len(job_id_of_text("x" * 4000)) <= 40
