"""Provider `aiart`: the synchronous image actions, one row of parameters each."""

import asyncio
import base64
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from bot.domain.errors import NotPossible, RequestBug, ResultLost
from bot.domain.ports import Drawn, Journal, Work
from bot.domain.scheduling import LONGEST_CALL_S
from bot.imaging.sniff import sniff
from bot.providers.body import Inline, json_body
from bot.providers.sizes import wished_pixels
from bot.providers.tencent import Service, TencentApi

VERSION = "2022-12-29"


def _picture(work: Work) -> Inline | None:
    return Inline(work.pictures[0]) if work.pictures else None


def _prompt(work: Work) -> str | None:
    return work.wishes.prompt.strip() or None


def _negative(work: Work) -> str | None:
    return work.wishes.negative


def _styles(work: Work) -> list[str] | None:
    return [work.wishes.style] if work.wishes.style else None  # several conflict (seed 003)


def _result_config(work: Work) -> dict[str, str] | None:
    sides = wished_pixels(work)
    if sides:
        return {"Resolution": f"{sides[0]}:{sides[1]}"}
    return {"Resolution": work.wishes.size} if work.wishes.size else None


def _strength(work: Work) -> float | None:
    return work.wishes.strength


def _enhance(work: Work) -> int | None:
    return None if work.wishes.enhance is None else int(work.wishes.enhance)


def _faces(work: Work) -> int | None:
    return work.wishes.faces


Row = Mapping[str, Callable[[Work], object]]

ACTIONS: Final[Mapping[str, Row]] = {
    # Every parameter of seed 003 but InputUrl, which would win over the fitted picture, and those
    # that are the same for all actions: LogoAdd, LogoParam, RspImgType.
    "ImageToImage": {
        "InputImage": _picture,
        "Prompt": _prompt,
        "NegativePrompt": _negative,
        "Styles": _styles,
        "ResultConfig": _result_config,
        "Strength": _strength,
        "EnhanceImage": _enhance,
        "RestoreFace": _faces,
    },
}
"""Parameter names, each with what reads its value from the work; None leaves it out."""


class Aiart:
    """One request, one picture. There is no idempotency key: a lost answer stays lost.

    `mark` asks for Tencent's own visible mark, or for `logo`, a LogoParam (seed 003), instead of
    its text; the program draws its own label in any case. `returns` is how the picture comes
    back: by URL, or as Base64 in the reply.
    """

    def __init__(
        self,
        api: TencentApi,
        *,
        endpoint: str,
        region: str,
        returns: Literal["url", "base64"] = "url",
        mark: bool = False,
        logo: Mapping[str, Any] | None = None,
    ) -> None:
        self._api = api
        self._service = Service("aiart", VERSION, endpoint, region)
        self._fixed: dict[str, Any] = {"LogoAdd": int(mark), "RspImgType": returns}
        if logo is not None:
            self._fixed["LogoParam"] = dict(logo)

    @property
    def is_resumable(self) -> bool:
        """Sending again would pay again."""
        return False

    async def draw(self, work: Work, journal: Journal) -> Drawn:
        """Make one picture.

        Raises ProviderError: OutcomeUnknown where it may have been paid, ResultLost where it was.
        """
        action = work.engine.action
        if action not in ACTIONS:
            raise RequestBug(detail=f"aiart has no action {action}")
        body = await json_body({**_params(ACTIONS[action], work), **self._fixed})
        await journal.sending()
        response = await self._api.call(
            self._service, action, body, is_safe=False, total_s=LONGEST_CALL_S
        )
        request_id = str(response.get("RequestId", ""))
        image = response.get("ResultImage")
        if not isinstance(image, str) or not image:
            raise ResultLost("NoResult", request_id=request_id, detail="success without a picture")
        if self._fixed["RspImgType"] == "url":
            return Drawn(urls=(image,), request_id=request_id)
        return Drawn((await asyncio.to_thread(_decoded, image, request_id),), request_id)


def _params(row: Row, work: Work) -> dict[str, object]:
    values = {name: read(work) for name, read in row.items()}
    return {name: value for name, value in values.items() if value is not None}


def _decoded(image: str, request_id: str) -> bytes:
    try:
        data = base64.b64decode(image, validate=True)
        sniff(data)
    except (ValueError, NotPossible) as error:
        raise ResultLost(
            "ResultNotAPicture", request_id=request_id, detail=f"{len(image)} characters"
        ) from error
    return data
