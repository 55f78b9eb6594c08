"""A word list as a server may have it, what gets round a plain comparison, and innocent words."""

import json
from pathlib import Path

_SAMPLES = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))

WORDS: list[str] = _SAMPLES["words"]
EVASIONS: dict[str, str] = _SAMPLES["evasions"]
"""What is typed, and the word of the list that it is."""

INNOCENT: dict[str, list[str]] = {
    language: words.split() for language, words in _SAMPLES["innocent"].items()
}
