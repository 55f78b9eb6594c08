"""What moderators set for a server: read back as it was set, and each change written down."""

import asyncio
import re
from dataclasses import fields, replace

import pytest

from bot.domain.errors import NotPossible
from bot.domain.guilds.settings import EVERYONE, GuildSettings, RoleRule
from bot.domain.labels.corners import Corner
from bot.domain.labels.wording import LabelLanguage, OwnWords
from bot.domain.members.defaults import Defaults
from bot.domain.members.remixing import RemixRule
from bot.domain.moderation.acts import ActKind
from cogs.views.moderating.act_texts import act_text
from storage import Storage

GUILD, ELSEWHERE = 1_300_000_000_000_000_010, 1_300_000_000_000_000_011
ADA, BOB, ROLE = (1_300_000_000_000_000_001 + number for number in range(3))

ALL_SET = GuildSettings(
    timezone="Europe/Berlin",
    budget_images=9,
    budget_usd=1.5,
    budget_warning=60,
    log_channel_id=GUILD + 7,
    moderator_role_id=GUILD + 8,
    remix=RemixRule.OWN,
    channels=(GUILD + 1, GUILD + 2),
    spoiler_channels=(GUILD + 3,),
    allows_private=False,
    role_rules=(
        RoleRule(EVERYONE, engines=("local",)),
        RoleRule(ROLE, engines=("gg-3.0", "anime"), styles=("水墨画", "Pop, art")),
    ),
    defaults=Defaults(engine="anime", style="水墨画", ratio="1:1", negative="text, “logos”"),
    label_corner=Corner.TOP_RIGHT,
    label_language=LabelLanguage.GERMAN,
    label_words=OwnWords(modified="KI war hier"),
    approval_days=7,
    approval_role_id=ROLE,
)


async def test_all_of_it_reads_back_as_it_was_set_in_its_server_alone(storage: Storage) -> None:
    store = storage.guild_settings
    untouched = [f.name for f in fields(ALL_SET) if getattr(ALL_SET, f.name) == f.default]
    assert untouched == [], "each setting is tried with another value than it begins with"
    answer = await store.change(GUILD, lambda _: ALL_SET, by=ADA, now=1.0)
    assert answer == (GuildSettings(), ALL_SET)
    assert await store.settings(GUILD) == ALL_SET
    assert (await storage.quotas.policy(GUILD)).settings == ALL_SET
    assert await store.settings(ELSEWHERE) == GuildSettings()
    await store.change(GUILD, lambda _: GuildSettings(), by=ADA, now=2.0)
    assert await store.settings(GUILD) == GuildSettings()


async def test_each_change_is_written_down_with_who_when_before_and_after(
    storage: Storage,
) -> None:
    store = storage.guild_settings
    await store.change(GUILD, lambda kept: replace(kept, budget_images=5), by=ADA, now=1.0)
    await store.change(
        GUILD,
        lambda kept: replace(kept, budget_images=None, channels=(GUILD + 1,)),
        by=BOB,
        now=2.0,
    )
    await store.change(GUILD, lambda kept: replace(kept, budget_images=None), by=ADA, now=3.0)
    acts = await storage.audit.latest(GUILD, 10)
    assert {each.kind for each in acts} == {ActKind.SETTING}
    assert [(each.by, each.at, each.target, each.before, each.after) for each in acts] == [
        (BOB, 2.0, "channels", None, f"<#{GUILD + 1}>"),
        (BOB, 2.0, "budget_images", "5", None),
        (ADA, 1.0, "budget_images", None, "5"),
    ]


async def test_moderators_read_each_change_in_words_and_mentions(storage: Storage) -> None:
    await storage.guild_settings.change(GUILD, lambda _: ALL_SET, by=ADA, now=1.0)
    acts = await storage.audit.latest(GUILD, 100)
    assert len(acts) == len(fields(ALL_SET))
    texts = {each.target: act_text(each, 200) for each in acts}
    for key, text in texts.items():
        assert "the setting" not in text, f"{key} has a sentence of its own"
        assert not re.search(r"(?<![@#&\d])\d{17,}", text), f"an id is no mention in {text}"
    shown = {key: text.partition("\n-# ")[2] for key, text in texts.items()}
    assert shown["timezone"] == "Before: UTC. After: Europe/Berlin."
    assert shown["budget_usd"] == "After: 1.50 USD."
    assert shown["budget_warning"] == "Before: 80 %. After: 60 %."
    assert shown["log_channel"] == f"After: <#{GUILD + 7}>."
    assert shown["private"] == "Before: allowed. After: not allowed."
    assert shown["label_language"] == "After: KI-generiert (de)."
    assert shown["role_rules"] == (
        f"After: \\@everyone: local; <@&{ROLE}>: gg-3.0, anime, 水墨画, Pop, art."
    )


async def test_a_change_that_is_refused_leaves_no_trace(storage: Storage) -> None:
    def refuse(_: GuildSettings) -> GuildSettings:
        raise NotPossible

    with pytest.raises(NotPossible):
        await storage.guild_settings.change(GUILD, refuse, by=ADA, now=1.0)
    assert await storage.audit.latest(GUILD, 10) == []


async def test_of_changes_at_once_none_undoes_another(storage: Storage) -> None:
    def adding(channel_id: int) -> asyncio.Future[object]:
        return asyncio.ensure_future(
            storage.guild_settings.change(
                GUILD,
                lambda kept: replace(kept, channels=(*kept.channels, channel_id)),
                by=ADA,
                now=1.0,
            )
        )

    await asyncio.gather(*(adding(number) for number in range(8)))
    assert sorted((await storage.guild_settings.settings(GUILD)).channels) == list(range(8))
