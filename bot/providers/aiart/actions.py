"""The aiart actions: which parameters each has, and what a job's options make of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.engines.settings import is_address, rect_of
from bot.domain.engines.sizes import asked_pixels
from bot.domain.jobs.limits import MAX_SEED
from bot.ports.provider import Work
from bot.providers.tencent.body import Inline

Read = Callable[[Work], object]

_SUBJECTS: Final = {"person": "human", "pet": "pet"}
_LOGO_RECT: Final = ("X", "Y", "Width", "Height")


@dataclass(frozen=True, slots=True)
class Action:
    """One API: what reads each parameter's value from the work; None leaves it out.

    `query` asks about the jobs it makes; empty where the reply is the picture itself.
    """

    parameters: Mapping[str, Read]
    query: str = ""

    def params(self, work: Work) -> dict[str, object]:
        """Return what a request for this work carries, without what reads as None."""
        values = {name: read(work) for name, read in self.parameters.items()}
        return {name: value for name, value in values.items() if value is not None}


def returns_urls(work: Work) -> bool:
    """Tell whether the picture comes back as an address rather than inside the reply."""
    return _returns(work) == "url"


def _picture(work: Work) -> Inline | None:
    return Inline(work.pictures[0]) if work.pictures else None


def _prompt(work: Work) -> str | None:
    return work.options.prompt.strip() or None


def _styles(work: Work) -> list[str] | None:
    return [work.options.style] if work.options.style else None  # several conflict (seed 003)


def _resolution(work: Work) -> str | None:
    sides = asked_pixels(work.options, work.engine.capabilities.sizes)
    return f"{sides[0]}:{sides[1]}" if sides else work.options.size


def _result_config(work: Work) -> dict[str, str] | None:
    resolution = _resolution(work)
    return {"Resolution": resolution} if resolution else None


def _seed(work: Work) -> int | None:
    """0 means "any" to these APIs, so a member's 0 is sent as the seed least likely used."""
    return None if work.options.seed is None else work.options.seed or MAX_SEED


def _revise(work: Work) -> int | None:
    """Leave the prompt as it is where a seed was asked for: revising makes the API ignore it."""
    if work.engine.capabilities.seed and work.options.seed is not None:
        return 0
    fixed = _switch(work, "revise")
    return _flag(work.options.improve) if fixed is None else fixed


def _returns(work: Work) -> str:
    return work.engine.settings.get("returns", "url")


def _mark(work: Work) -> int:
    return _switch(work, "mark") or 0


def _flag(value: bool | None) -> int | None:  # noqa: FBT001 - a value, not a way to work
    return None if value is None else int(value)


def _switch(work: Work, name: str) -> int | None:
    text = work.engine.settings.get(name)
    return None if text is None else int(text == "on")


def _logo(work: Work) -> dict[str, Any] | None:
    """Return the LogoParam of the operator's own mark, an address or Base64 (seed 003)."""
    logo = work.engine.settings.get("logo")
    if not logo or not _mark(work):
        return None
    param: dict[str, Any] = {"LogoUrl" if is_address(logo) else "LogoImage": logo}
    rect = work.engine.settings.get("logo_rect")
    if rect:
        param["LogoRect"] = dict(zip(_LOGO_RECT, rect_of(rect), strict=True))
    return param


# The program draws its own label in any case; these are about Tencent's.
_MARK: Final[Mapping[str, Read]] = {"LogoAdd": _mark}
_LOGO_AND_RETURN: Final[Mapping[str, Read]] = {
    **_MARK,
    "LogoParam": _logo,
    "RspImgType": _returns,
}

# Every parameter but the addresses of input pictures, which would win over the fitted ones
# (seed 003; aiart API, 2026-04).
ACTIONS: Final[Mapping[str, Action]] = {
    "ImageToImage": Action(
        {
            "InputImage": _picture,
            "Prompt": _prompt,
            "NegativePrompt": lambda work: work.options.negative,
            "Styles": _styles,
            "ResultConfig": _result_config,
            "Strength": lambda work: work.options.strength,
            "EnhanceImage": lambda work: _flag(work.options.enhance),
            "RestoreFace": lambda work: work.options.faces,
            **_LOGO_AND_RETURN,
        }
    ),
    "TextToImage": Action(
        {
            "Prompt": _prompt,
            "NegativePrompt": lambda work: work.options.negative,
            "Styles": _styles,
            "ResultConfig": _result_config,
            **_LOGO_AND_RETURN,
        }
    ),
    "TextToImageLite": Action(
        {
            "Prompt": _prompt,
            "NegativePrompt": lambda work: work.options.negative,
            "Resolution": _resolution,
            "Seed": _seed,
            **_LOGO_AND_RETURN,
        }
    ),
    "TextToImageRapid": Action(
        {
            "Prompt": _prompt,
            "Style": lambda work: work.options.style,
            "Image": lambda work: {"Base64": _picture(work)} if work.pictures else None,
            "Resolution": _resolution,
            "Seed": _seed,
            **_LOGO_AND_RETURN,
        }
    ),
    "SubmitTextToImageJob": Action(
        {
            "Prompt": _prompt,
            "Images": lambda work: [Inline(picture) for picture in work.pictures] or None,
            "Resolution": _resolution,
            "Seed": _seed,
            "Revise": _revise,
            **_MARK,
            "LogoParam": _logo,
        },
        query="QueryTextToImageJob",
    ),
    "SubmitTextToImageProJob": Action(
        {
            "Prompt": _prompt,
            "Style": lambda work: work.options.style,
            "Resolution": _resolution,
            "Engine": lambda work: work.engine.settings.get("engine"),
            "Revise": _revise,
            **_MARK,
        },
        query="QueryTextToImageProJob",
    ),
    "RefineImage": Action({"InputImage": _picture, "RspImgType": _returns}),
    "ImageOutpainting": Action(
        {"Ratio": lambda work: work.options.ratio, "InputImage": _picture, **_LOGO_AND_RETURN}
    ),
    "SketchToImage": Action({"Prompt": _prompt, "InputImage": _picture, **_LOGO_AND_RETURN}),
    "GenerateAvatar": Action(
        {
            "Type": lambda work: _SUBJECTS.get(work.options.subject or ""),
            "Style": lambda work: work.options.style,
            "Filter": lambda work: _flag(work.options.filter),
            "InputImage": _picture,
            **_LOGO_AND_RETURN,
        }
    ),
}
