"""The sheets of an engine's styles: one file for each, kept with the database."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.domain.labels.wording import USUAL_LABEL
from bot.domain.pictures.picture import Picture
from bot.ports.pictures import BlobStore
from bot.ports.settings import SettingsStore

_log = structlog.get_logger(__name__)

_FOLDER = "styles"  # of blob keys; no job id begins like that, so retention leaves them alone


@dataclass(frozen=True, slots=True)
class Sheet:
    """One labelled picture, and the names of the styles on it, in their order.

    `label` is drawn into it: what it says of itself beside its name must be the same.
    """

    picture: Picture
    styles: tuple[str, ...]
    label: str


class StyleSheets:
    """Keeps an engine's newest sheets, and hands them out."""

    def __init__(self, *, settings: SettingsStore, blobs: BlobStore) -> None:
        self._settings = settings
        self._blobs = blobs

    async def keep(self, engine: str, sheets: Sequence[Sheet]) -> None:
        """Keep these in place of the engine's earlier ones; whoever looks meanwhile sees either."""
        before = await self._listed(engine)
        rows = [(_key(engine, sheet), _row(sheet)) for sheet in sheets]
        for (key, _), sheet in zip(rows, sheets, strict=True):
            await self._blobs.put(key, sheet.picture.data)
        await self._settings.keep(_setting(engine), json.dumps(dict(rows)))
        await self._blobs.delete([key for key in before if key not in dict(rows)])

    async def of(self, engine: str) -> list[Sheet]:
        """Return an engine's sheets; none where the operator has made none, or lost the files."""
        listed = await self._listed(engine)
        try:
            return [_sheet(row, await self._blobs.get(key)) for key, row in listed.items()]
        except KeyError as error:
            _log.warning("style_sheet_gone", engine=engine, key=str(error))
            return []

    async def _listed(self, engine: str) -> dict[str, dict[str, object]]:
        kept = await self._settings.value(_setting(engine))
        listed: dict[str, dict[str, object]] = json.loads(kept) if kept else {}
        return listed


def _setting(engine: str) -> str:
    return f"style_sheets {engine}"


def _key(engine: str, sheet: Sheet) -> str:
    """Return a key that no other engine's and no other picture has: names may hold any letter."""
    said = engine.encode() + b"\0" + sheet.picture.data
    return f"{_FOLDER}/{hashlib.sha256(said).hexdigest()}"


def _row(sheet: Sheet) -> dict[str, object]:
    picture = sheet.picture
    return {
        "mime": picture.mime,
        "size": (picture.width, picture.height),
        "styles": sheet.styles,
        "label": sheet.label,
    }


def _sheet(row: dict[str, object], data: bytes) -> Sheet:
    match row:
        case {
            "mime": str(mime),
            "size": [int(width), int(height)],
            "styles": list(styles),
        }:
            # Sheets of before 2026-12 say the usual words, and keep them nowhere.
            label = str(row.get("label", USUAL_LABEL))
            return Sheet(Picture(data, mime, width, height), tuple(styles), label)
    raise KeyError("styles")
