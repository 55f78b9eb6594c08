"""Provider `local` paints what was asked, at the size that was asked, again the same."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.domain.jobs.job import JobId
from bot.ports.provider import Journal, Work
from bot.providers.local import Local
from tests.providers.work import photo, work


async def drawn(journal: Journal, asked: Work) -> list[Image.Image]:
    result = await Local().draw(asked, journal)
    return [Image.open(BytesIO(data)).convert("RGB") for data in result.pictures]


def distance(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean)


async def test_a_restyled_picture_keeps_its_size_unless_another_is_wished(journal: Journal) -> None:
    [kept] = await drawn(journal, work("local", photo(), style="ink"))
    [wished] = await drawn(journal, work("local", photo(), style="ink", size="512x512"))
    assert kept.size == (120, 90)
    assert wished.size == (512, 512)


async def test_more_strength_goes_further_from_the_photo(journal: Journal) -> None:
    original = Image.open(BytesIO(photo())).convert("RGB")
    strengths = (0.05, 0.5, 1.0)
    pictures = [
        (await drawn(journal, work("local", photo(), strength=s, seed=1)))[0] for s in strengths
    ]
    distances = [distance(original, picture) for picture in pictures]
    assert distances == sorted(distances)
    assert distances[0] < distances[-1] / 2


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"size": "512x512"}, (512, 512)),
        ({"ratio": "9:16"}, (720, 1280)),
        ({}, (1024, 1024)),
    ],
)
async def test_a_painted_picture_has_the_wished_size(
    options: dict[str, str], size: tuple[int, int], journal: Journal
) -> None:
    [picture] = await drawn(journal, work("local", **options))
    assert picture.size == size


async def test_a_repeated_try_gives_the_same_and_a_new_job_another_picture(
    journal: Journal,
) -> None:
    asked = work("local", size="512x512", count=2)
    first, again = [await Local().draw(asked, journal) for _ in range(2)]
    other = Work(job_id=JobId("0000abcdef124"), engine=asked.engine, options=asked.options)
    assert first == again
    assert len(set(first.pictures)) == 2
    assert (await Local().draw(other, journal)).pictures != first.pictures


async def test_a_seed_decides(journal: Journal) -> None:
    asked = work("local", size="512x512", seed=7)
    other = Work(job_id=JobId("0000abcdef124"), engine=asked.engine, options=asked.options)
    assert await Local().draw(asked, journal) == await Local().draw(other, journal)
