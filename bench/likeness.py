"""How well copies of posted pictures are known again; no other picture is taken for one."""

import asyncio
import io
import random
from collections.abc import Callable, Mapping
from multiprocessing import Pool
from types import MappingProxyType

from PIL import Image, ImageEnhance, ImageOps

from bench.figures import table
from bench.kinds import KINDS
from bot.domain.labels.likeness import (
    MOST_DETAIL_DIFFERING,
    MOST_DIFFERING,
    distance,
    tells_enough,
)
from bot.imaging.labels.visible.label import draw_label
from bot.imaging.likeness.difference_hash import looks_of

OF_EACH_KIND, OTHERS = 50, 2500
SIZES = ((1024, 1024), (1280, 720), (720, 1280), (1024, 768))
OTHER_SIZES = ((256, 256), (320, 180), (180, 320), (256, 192))
PREVIEW = (550, 350)  # Discord's in a chat

Change = Callable[[Image.Image], Image.Image]
Looks = tuple[int, int]


def encoded(kind: str, quality: int) -> Change:
    """Return what saves a picture and reads it again."""

    def change(picture: Image.Image) -> Image.Image:
        out = io.BytesIO()
        picture.save(out, kind, quality=quality)
        return Image.open(out).convert("RGB")

    return change


def scaled(to: float) -> Change:
    """Return what makes a picture so many times as large."""

    def change(picture: Image.Image) -> Image.Image:
        size = (round(picture.width * to), round(picture.height * to))
        return picture.resize(size, Image.Resampling.LANCZOS)

    return change


def preview(picture: Image.Image) -> Image.Image:
    """Return it as Discord shows it in a chat."""
    small = picture.copy()
    small.thumbnail(PREVIEW)
    return encoded("WEBP", 80)(small)


def cropped(share: float) -> Change:
    """Return what cuts that share of width and height away, half of it on each side."""

    def change(picture: Image.Image) -> Image.Image:
        x, y = picture.width * share / 2, picture.height * share / 2
        return picture.crop(
            (round(x), round(y), round(picture.width - x), round(picture.height - y))
        )

    return change


def brighter(by: float) -> Change:
    """Return what multiplies every value."""
    return lambda picture: ImageEnhance.Brightness(picture).enhance(by)


CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "JPEG, quality 95": encoded("JPEG", 95),
        "JPEG, quality 85": encoded("JPEG", 85),
        "JPEG, quality 70": encoded("JPEG", 70),
        "JPEG, quality 50": encoded("JPEG", 50),
        "WebP, quality 80": encoded("WEBP", 80),
        "75 % of the size": scaled(0.75),
        "50 % of the size": scaled(0.5),
        "25 % of the size": scaled(0.25),
        "Discord's preview": preview,
        "brightness −20 %": brighter(0.8),  # noqa: RUF001 - a minus
        "brightness +10 %": brighter(1.1),
        "brightness +30 %": brighter(1.3),
        "1 % cropped": cropped(0.01),
        "2 % cropped": cropped(0.02),
        "5 % cropped": cropped(0.05),
        "10 % cropped": cropped(0.10),
        "mirrored": ImageOps.mirror,
    }
)


def posted(kind: str, number: int, sizes: tuple[tuple[int, int], ...]) -> Image.Image:
    """Return a picture of a kind with its label, always the same for its number."""
    chance = random.Random(f"{kind} {number}")  # noqa: S311 - pictures, not secrets
    picture = KINDS[kind](sizes[number % len(sizes)], chance)
    draw_label(picture, "AI-generated")
    return picture


def differing(one: Looks, other: Looks) -> Looks:
    """Return in how many bits two pictures differ, of those that are looked for and of all."""
    return distance(one[0], other[0]), distance(one[1], other[1])


def is_taken(one: Looks, other: Looks) -> bool:
    """Tell whether one is taken for a copy of the other."""
    bits, detail = differing(one, other)
    is_near = bits <= MOST_DIFFERING and detail <= MOST_DETAIL_DIFFERING
    return is_near and tells_enough(one[0]) and tells_enough(other[0])


def copies(kind: str, number: int) -> tuple[str, Looks, dict[str, Looks]]:
    """Return what a picture looks like, and each copy of it."""
    picture = posted(kind, number, SIZES)
    looks = {name: looks_of(change(picture)) for name, change in CHANGES.items()}
    return kind, looks_of(picture), looks


def other(kind: str, number: int) -> Looks:
    """Return what a picture that was never posted looks like; `number` is one of its own."""
    return looks_of(posted(kind, number + 1_000_000, OTHER_SIZES))


def main_table(found: list[tuple[str, Looks, dict[str, Looks]]]) -> str:
    """Return per change and kind how many of a hundred copies are found."""
    rows = []
    for name in CHANGES:
        row = [name]
        for kinds in (*([kind] for kind in KINDS), list(KINDS)):
            hits = [is_taken(looks, copy[name]) for kind, looks, copy in found if kind in kinds]
            row.append(f"{100 * sum(hits) / len(hits):.0f} %")
        both = [differing(looks, copy[name]) for _, looks, copy in found]
        for bits in zip(*both, strict=True):
            ordered = sorted(bits)
            row.append(f"{ordered[len(ordered) // 2]} / {ordered[len(ordered) * 95 // 100]}")
        rows.append(row)
    title = f"Copies of {len(found)} pictures that are found"
    header = ["copy", *KINDS, "all", "of 128 bits, median / 95 %", "of 512"]
    return table(title, header, rows)


async def main() -> None:
    """Print the table, and how near other pictures come."""
    with Pool(2) as pool:
        tasks = [(kind, number) for kind in KINDS for number in range(OF_EACH_KIND)]
        found = pool.starmap(copies, tasks, chunksize=5)
        tasks = [(kind, number) for kind in KINDS for number in range(OTHERS)]
        others = pool.starmap(other, tasks, chunksize=50)
    print(main_table(found))
    pairs = [(looks, each) for _, looks, _ in found for each in others]
    near = [
        differing(*pair) for pair in pairs if distance(pair[0][0], pair[1][0]) <= MOST_DIFFERING
    ]
    plain = sum(not tells_enough(looks[0]) for looks in others)
    print(f"Of {len(others)} others {plain} are too plain to be compared.")
    print(f"Looked at for their 128 bits: {len(near)} of {len(pairs)} pairs.")
    print(f"Their 512 bits differ in at least {sorted(detail for _, detail in near)[:10]}.")
    print(f"Taken for a copy: {sum(is_taken(*pair) for pair in pairs)}.")


if __name__ == "__main__":
    asyncio.run(main())
