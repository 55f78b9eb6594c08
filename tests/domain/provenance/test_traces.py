"""Generators are named by what they leave behind, and nothing else is taken for that."""

import pytest

from bot.domain.provenance.traces import generators_in

_WEBUI = "a cat\nNegative prompt: dogs\nSteps: 28, Sampler: DPM++ 2M, CFG scale: 7, Seed: 5"
_MJ = "a cat on a roof --ar 3:2 --v 6.1 Job ID: 01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("name", "text", "generator"),
    [
        ("parameters", _WEBUI, "Stable Diffusion WebUI"),
        ("UserComment", _WEBUI, "Stable Diffusion WebUI"),
        ("prompt", '{"3": {"inputs": {}, "class_type": "KSampler"}}', "ComfyUI"),
        ("workflow", '{"nodes": []}', "ComfyUI"),
        ("invokeai_metadata", "{}", "InvokeAI"),
        ("fooocus_scheme", "fooocus", "Fooocus"),
        ("Software", "NovelAI", "NovelAI"),
        ("Description", _MJ, "Midjourney"),
        ("CreatorTool", "Adobe Firefly 3", "Adobe Firefly"),
        ("Credit", "Made with Google AI", "Made with Google AI"),
        ("Software", "ChatGPT", "ChatGPT"),
    ],
)
def test_each_generator_is_named_by_its_own_trace(name: str, text: str, generator: str) -> None:
    assert generators_in([("Comment", "hello"), (name, text)]) == (generator,)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Software", "Adobe Photoshop 26.0"),
        ("Software", "GIMP 3.0"),
        ("Make", "Canon"),
        ("parameters", "width 20, height 30"),
        ("prompt", "say cheese"),
        ("Title", "Fluxions and gemination"),
        ("Description", "we saw a Midjourney picture"),
        ("Comment", ""),
    ],
)
def test_what_is_only_like_a_trace_is_none(name: str, text: str) -> None:
    assert generators_in([(name, text)]) == ()


def test_a_generator_is_named_once() -> None:
    assert generators_in([("workflow", "{}"), ("prompt", '{"class_type": 1}')]) == ("ComfyUI",)
