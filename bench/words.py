"""What looking a prompt of 4,000 characters through for 2,000 words takes, beside bare `in`."""

import asyncio
import random
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from statistics import median

from bench.figures import table
from bot.domain.moderation.words.lookalikes import lookalikes
from bot.domain.moderation.words.word_list import WordList

WORDS, CHARS, ROUNDS = 2000, 4000, 15
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
HAN = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"


def a_word(letters: str, chance: random.Random) -> str:
    """Return a word that is in no list by chance."""
    return "".join(chance.choices(letters, k=chance.randint(3, 10)))


def prompts(chance: random.Random) -> dict[str, str]:
    """Return prompts of all different words, by what they are like."""

    def of(letters: str, between: str, like: str = "{}") -> str:
        words = (like.format(a_word(letters, chance)) for _ in range(CHARS))
        return between.join(words)[:CHARS]

    return {
        "English": of(LETTERS, " "),
        "French, with accents": of(LETTERS + "éèàçôê", ", "),
        "Russian": of(CYRILLIC, " "),
        "Chinese": of(HAN, "，"),  # noqa: RUF001 - as Chinese is written
        "digits and signs in every word": of(LETTERS + "013$@", " ", "x{}-"),
        "single letters": " ".join(chance.choices(LETTERS, k=CHARS // 2)),
        "letters of three alphabets in every word": of(LETTERS + "авсеорух" + "αβγορ", " "),
    }


def median_ms(look: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median CPU time of a look in milliseconds."""
    taken = []
    for _ in range(rounds):
        began = time.thread_time()
        look()
        taken.append(1000 * (time.thread_time() - began))
    return median(taken)


def held_bare(words: list[str], text: str) -> list[str]:
    """Return the words in a text, letter by letter."""
    return [word for word in words if word in text]


async def main() -> None:
    """Print how long a look takes, and what compiling a list takes."""
    chance = random.Random(13)  # noqa: S311 - the same words in each run
    words = [f"q{a_word(LETTERS, chance)}q" for _ in range(WORDS * 9 // 10)]
    words += [f"*q{a_word(LETTERS, chance)}q*" for _ in range(WORDS - len(words))]
    first = median_ms(lookalikes, 1)
    compiled = median_ms(lambda: WordList(words), 5)
    tracemalloc.start()
    listed = WordList(words)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    rows = []
    for name, prompt in prompts(chance).items():
        folded = prompt.casefold()
        bare = median_ms(partial(held_bare, words, folded))
        look = median_ms(partial(listed.find, prompt))
        rows.append([name, f"{look:.1f} ms", f"{bare:.1f} ms"])
    title = f"A prompt of {CHARS} characters, {WORDS} words, none in it"
    print(table(title, ["prompt", "word list", "bare `in`, case alone"], rows))
    print(
        f"Compiled in {compiled:.0f} ms, once for a change; the first time in a process Unicode's "
        f"table is read, {first:.0f} ms more. Python holds {held / 1024:.0f} KiB of it."
    )


if __name__ == "__main__":
    asyncio.run(main())
