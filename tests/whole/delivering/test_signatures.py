"""With a certificate every result is signed, says what it was made of, and none waits for it."""

import io
import json
import time
from pathlib import Path
from typing import Any

import c2pa
import pytest
from PIL import Image

from bot.cli.local_stack import StandIns
from bot.domain.labels.credentials import Credentials, Standing
from bot.domain.operator_errors import SettingsError
from bot.imaging.credentials.own_chain import own_chain
from bot.imaging.credentials.reading import read_credentials
from bot.sandbox.discord.world.forms import Upload
from tests.imaging.credentials.finished import finished, signed_upstream
from tests.imaging.credentials.kept import Kept, keep, signer
from tests.whole.conftest import Run, has_pictures, photo, until, until_settled


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return keep(tmp_path)


def intact(data: bytes) -> Credentials:
    found = read_credentials(data)
    assert found is not None
    assert found.standing is Standing.INTACT
    return found


def noise() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((900, 700), 80).convert("RGB").save(out, "PNG")
    return out.getvalue()


def ingredients(data: bytes) -> list[dict[str, Any]]:
    manifest = c2pa.Reader(stream=io.BytesIO(data)).get_active_manifest()
    assert manifest is not None
    return list(manifest.get("ingredients", []))


async def test_a_picture_made_from_words_comes_signed(
    run: Run, stand_ins: StandIns, kept: Kept
) -> None:
    async with run(**kept.variables) as app:
        reply = await stand_ins.visitor("Ada").imagine("a lighthouse")
        await reply.until(has_pictures)
        [row] = await until_settled(app)
        [data] = await reply.pictures()

    found = intact(data)
    assert (found.signer, found.title) == ("Atelier Ada", f"easel-{row.job_id}")
    assert found.actions[0] == "c2pa.created"
    assert found.source_types[0].endswith("/trainedAlgorithmicMedia")


async def test_a_restyled_photo_names_the_photo_as_what_was_opened(
    run: Run, stand_ins: StandIns, kept: Kept
) -> None:
    async with run(**kept.variables) as app:
        ada = stand_ins.visitor("Ada")
        reply = await ada.restyle(photo(), prompt="as a watercolour")
        await reply.until(has_pictures)
        [row] = await until_settled(app)
        again = await ada.use("result", job=row.job_id)
        await again.until(has_pictures)
        for data in (*await reply.pictures(), *await again.pictures()):
            found = intact(data)
            assert found.actions[0] == "c2pa.opened"
            assert found.source_types[0].endswith("/compositeWithTrainedAlgorithmicMedia")
            [ingredient] = ingredients(data)
            assert ingredient["relationship"] == "parentOf"


async def test_a_manifest_that_the_api_signed_is_kept(
    run: Run, stand_ins: StandIns, kept: Kept, tmp_path: Path
) -> None:
    upstream = signed_upstream("PNG", tmp_path / "upstream")
    stand_ins.tencent.script("GetObject", garbage=upstream)
    async with run(**kept.variables) as app:
        reply = await stand_ins.visitor("Ada").restyle(photo(), prompt="as a watercolour")
        await reply.until(has_pictures)
        await until_settled(app)
        [data] = await reply.pictures()
    intact(data)
    parent, upload = ingredients(data)
    assert (parent["relationship"], upload["relationship"]) == ("parentOf", "inputTo")
    [before] = json.loads(c2pa.Reader(stream=io.BytesIO(upstream)).json())["manifests"]
    assert parent["active_manifest"] == before


async def test_what_a_members_own_manifest_says_of_them_goes_nowhere(
    run: Run, stand_ins: StandIns, kept: Kept, tmp_path: Path
) -> None:
    folder = tmp_path / "member"
    folder.mkdir()
    by = signer(keep(folder, own_chain("Grace Hopper of Arlington", time.time())))
    upload = finished(photo().data, by).data
    async with run(**kept.variables) as app:
        reply = await stand_ins.visitor("Ada").restyle(Upload("photo.jpg", upload))
        await reply.until(has_pictures)
        await until_settled(app)
        [data] = await reply.pictures()
    intact(data)
    [ingredient] = ingredients(data)
    assert "active_manifest" not in ingredient
    assert b"Grace Hopper" in upload
    assert b"Grace Hopper" not in data


@pytest.mark.parametrize("is_broken", [True, False])
async def test_a_picture_does_not_wait_for_its_upload(
    run: Run, stand_ins: StandIns, kept: Kept, tmp_path: Path, *, is_broken: bool
) -> None:
    """The request has it already, and a manifest can say less."""
    stand_ins.tencent.hold()
    async with run(**kept.variables) as app:
        reply = await stand_ins.visitor("Ada").restyle(photo(), prompt="as a watercolour")
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        [upload] = (tmp_path / "pictures").glob("*/*/in/0")
        upload.unlink()
        if is_broken:
            upload.mkdir()
        stand_ins.tencent.release()
        await reply.until(has_pictures)
        [row] = await until_settled(app)
        [data] = await reply.pictures()
    assert row.state == "done"
    found = intact(data)
    assert (found.actions[0], found.ingredients) == ("c2pa.created", 0)
    assert found.source_types[0].endswith("/compositeWithTrainedAlgorithmicMedia")


async def test_results_that_are_made_smaller_are_signed_anew(
    run: Run, stand_ins: StandIns, kept: Kept
) -> None:
    stand_ins.guild.attachment_size_limit = 300_000
    stand_ins.tencent.script("GetObject", garbage=noise())
    async with run(**kept.variables) as app:
        reply = await stand_ins.visitor("Ada").imagine("noise")
        message = await reply.until(has_pictures)
        await until_settled(app)
        [data] = await reply.pictures()
    assert len(data) <= 300_000
    assert message.attachments[0].filename.endswith(".jpg")
    intact(data)


async def test_a_certificate_that_cannot_sign_keeps_the_bot_from_starting(
    run: Run, kept: Kept
) -> None:
    kept.files.key.write_text("no key")
    with pytest.raises(SettingsError, match=r"^EASEL_C2PA_KEY: holds no private key"):
        async with run(**kept.variables):
            pass
