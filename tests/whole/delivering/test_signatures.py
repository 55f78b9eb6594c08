"""With a certificate every result is signed, says what it was made of, and none waits for it."""

import io
from pathlib import Path
from typing import Any

import c2pa
import pytest

from bot.cli.local_stack import StandIns
from bot.domain.labels.credentials import Credentials, Standing
from bot.domain.operator_errors import SettingsError
from bot.imaging.credentials.reading import read_credentials
from tests.imaging.credentials.kept import Kept, keep
from tests.whole.conftest import Run, has_pictures, photo, until_settled


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return keep(tmp_path)


def intact(data: bytes) -> Credentials:
    found = read_credentials(data)
    assert found is not None
    assert found.standing is Standing.INTACT
    return found


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


async def test_a_certificate_that_cannot_sign_keeps_the_bot_from_starting(
    run: Run, kept: Kept
) -> None:
    kept.files.key.write_text("no key")
    with pytest.raises(SettingsError, match=r"^EASEL_C2PA_KEY: holds no private key"):
        async with run(**kept.variables):
            pass
