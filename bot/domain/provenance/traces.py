"""Names of the generators that leave something of their own in the files they write.

By the first words of metadata alone: what somebody asked for is not shown. Seen in files and
sources of these programs (2026-11).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

Text = tuple[str, str]
"""What a text is called in its file, and how it begins."""

WEBUI = "Stable Diffusion WebUI"
COMFY = "ComfyUI"

# A PNG text of that name is written by no other kind of program.
_KEYWORDS: Mapping[str, str] = MappingProxyType(
    {
        "workflow": COMFY,
        "invokeai_metadata": "InvokeAI",
        "invokeai_graph": "InvokeAI",
        "sd-metadata": "InvokeAI",
        "Dream": "InvokeAI",
        "fooocus_scheme": "Fooocus",
        "sui_image_params": "SwarmUI",
        "generation_data": "Tensor.Art",
    }
)
# Named in texts that say which program wrote a file.
_NAMES = (
    *("NovelAI", "Midjourney", "DALL·E", "DALL-E", "ChatGPT", "GPT-4o", "Adobe Firefly", "Firefly"),
    *(
        "Stable Diffusion",
        "InvokeAI",
        "ComfyUI",
        "Fooocus",
        "SwarmUI",
        "Draw Things",
        "DreamStudio",
    ),
    *("Leonardo.Ai", "Ideogram", "Recraft", "Bing Image Creator", "Microsoft Designer", "Grok"),
    *("Made with Google AI", "Gemini", "Imagen", "FLUX", "Hunyuan", "Yuanbao", "Tongyi", "Jimeng"),
    *("Kling", "Doubao", "Qwen-Image", "Seedream"),
)
_NAMED = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in _NAMES), re.IGNORECASE)
_BY_LETTERS: Mapping[str, str] = MappingProxyType({name.casefold(): name for name in _NAMES})
_SIGNATURES = frozenset(
    (
        *("Software", "Source", "Artist", "Author", "Make", "Creator", "CreatorTool", "Credit"),
        *("Comment", "Title", "Copyright"),
    )
)
_SETTINGS = re.compile(r"\bSteps: \d+, .{0,200}?\b(?:Sampler|CFG scale|Seed): ", re.DOTALL)
_COMFY_NODE = re.compile(r'"class_type"\s*:')
_MIDJOURNEY = re.compile(
    r"\s--(?:v|niji|ar|style|chaos|stylize)\s.*\bJob ID: [0-9a-f-]{36}", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class _Rule:
    sign: re.Pattern[str]
    names: frozenset[str]
    generator: str


_RULES = (
    _Rule(_SETTINGS, frozenset({"parameters", "UserComment", "Comment"}), WEBUI),
    _Rule(_COMFY_NODE, frozenset({"prompt", "Make", "ImageDescription", "UserComment"}), COMFY),
    _Rule(_MIDJOURNEY, frozenset({"Description", "ImageDescription"}), "Midjourney"),
)


def generators_in(texts: Iterable[Text]) -> tuple[str, ...]:
    """Return the generators whose traces these texts are, each once, in the order found."""
    return tuple(dict.fromkeys(name for text in texts if (name := _generator(*text))))


def _generator(name: str, text: str) -> str | None:
    if name in _KEYWORDS:
        return _KEYWORDS[name]
    for rule in _RULES:
        if name in rule.names and rule.sign.search(text):
            return rule.generator
    found = _NAMED.search(text) if name in _SIGNATURES else None
    return _BY_LETTERS[found[0].casefold()] if found else None
