"""`easel doctor --post-test`: what of the labels Discord gives back, address by address."""

import json
from pathlib import Path

import pytest

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.treatment import Treatment
from tests.imaging.credentials.kept import keep
from tests.whole.process import easel

LAYERS = ("visible label", "IPTC source type", "TC260:AIGC")
ADDRESSES = ("attachment", "proxy", "preview", "forwarded")


async def looked_at(stand_ins: StandIns, folder: Path, **more: str) -> dict[str, dict[str, str]]:
    channel = f"https://discord.com/channels/{stand_ins.guild.id}/{stand_ins.channel.id}"
    variables = {**stand_ins.variables(folder), **more}
    ended = await easel(folder, variables, "doctor", "--post-test", channel, "--json")
    assert ended.code == 0, ended.out + ended.err
    return {finding["check"]: finding for finding in json.loads(ended.out)}


async def test_each_format_is_looked_at_under_every_address_that_discord_gives(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    found = await looked_at(stand_ins, tmp_path)
    assert set(found) == {f"{kind} {name}" for kind in ("png", "jpg", "webp") for name in ADDRESSES}
    for check, finding in found.items():
        assert finding["status"] == "good"
        if check.endswith("preview"):
            assert (
                "another file (WEBP, 467 × 350 pixels); still there: visible label; gone: IPTC"
                in (finding["text"])
            )
        else:
            assert finding["text"].startswith("the file as it was posted; still there: ")
            assert all(layer in finding["text"] for layer in LAYERS)


@pytest.mark.parametrize("treatment", [Treatment.STRIPPED, Treatment.REENCODED, Treatment.RESIZED])
async def test_what_discord_takes_away_is_named_and_what_stays_too(
    stand_ins: StandIns, tmp_path: Path, treatment: Treatment
) -> None:
    stand_ins.discord.cdn.treatment = treatment
    found = await looked_at(stand_ins, tmp_path)
    size = "550 × 413" if treatment is Treatment.RESIZED else "1024 × 768"
    for kind, called in (("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")):
        for name in ("attachment", "forwarded"):
            finding = found[f"{kind} {name}"]
            assert finding["status"] == "warning"
            assert finding["text"] == (
                f"another file ({called}, {size} pixels); still there: visible label; "
                "gone: IPTC source type, TC260:AIGC"
            )


async def test_the_pictures_stay_in_the_channel_and_their_copy_goes(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    await looked_at(stand_ins, tmp_path)
    [message] = stand_ins.discord.world.messages(stand_ins.channel)
    assert message.content.startswith("A test of labels by whoever runs this bot")
    assert [each.filename for each in message.attachments] == [
        f"easel-label-test.{kind}" for kind in ("png", "jpg", "webp")
    ]


@pytest.mark.parametrize(
    ("channel", "sentence", "code"),
    [
        ("general", "--post-test: write a channel's id, or copy its link in Discord", 2),
        ("1300000000000000099", "Nothing could be posted in the channel 1300000000000000099", 1),
    ],
)
async def test_a_channel_that_cannot_be_posted_in_is_a_sentence(
    stand_ins: StandIns, tmp_path: Path, channel: str, sentence: str, code: int
) -> None:
    variables = stand_ins.variables(tmp_path)
    ended = await easel(tmp_path, variables, "doctor", "--post-test", channel)
    assert ended.code == code
    assert sentence in ended.err
    stand_ins.discord.faults.clear()


async def test_missing_permissions_are_told_with_what_is_needed(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.channel.revoke("ATTACH_FILES")
    variables = stand_ins.variables(tmp_path)
    ended = await easel(tmp_path, variables, "doctor", "--post-test", stand_ins.channel.id)
    assert ended.code == 1
    assert "Missing Permissions" in ended.err
    assert "attach files" in ended.err
    stand_ins.discord.faults.clear()


async def test_a_message_without_a_token_is_a_sentence(stand_ins: StandIns, tmp_path: Path) -> None:
    variables = {**stand_ins.variables(tmp_path), "DISCORD_TOKEN": ""}
    ended = await easel(tmp_path, variables, "doctor", "--post-test", stand_ins.channel.id)
    assert (ended.code, "DISCORD_TOKEN" in ended.err) == (2, True)


async def test_content_credentials_are_looked_at_where_results_are_signed(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    found = await looked_at(stand_ins, tmp_path, **keep(tmp_path).variables)
    assert all("(C2PA)" in found[f"{kind} attachment"]["text"] for kind in ("png", "jpg", "webp"))
    assert "gone: IPTC source type, TC260:AIGC, Content Cred" in found["png preview"]["text"]
