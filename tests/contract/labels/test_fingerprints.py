"""Posted pictures are found again, by their bytes or by what they look like, on every store."""

import hashlib
import random

from bot.domain.jobs.job import job_id_of
from bot.domain.labels.fingerprint import Fingerprint, Match, Posted
from bot.domain.labels.likeness import BITS
from bot.domain.labels.origin import Origin
from storage import Storage
from tests.contract.orders import NOW

_MOST = 10


def posted(name: str, likeness: int, *, job: int = 1, number: int = 0) -> Posted:
    fingerprint = Fingerprint(hashlib.sha256(name.encode()).digest(), likeness, likeness << 300)
    return Posted(job_id_of(job), number, fingerprint, "HY 3.0 ✓", Origin.MODIFIED, NOW)


def flipped(likeness: int, bits: list[int]) -> int:
    for bit in bits:
        likeness ^= 1 << bit
    return likeness


async def test_what_was_recorded_is_found_by_its_bytes_and_nothing_else_is(
    storage: Storage,
) -> None:
    one, other = posted("a", 2**128 - 1), posted("b", 0, number=1)
    await storage.fingerprints.record([one, other])
    assert await storage.fingerprints.same(one.fingerprint.sha256) == Match(one)
    assert await storage.fingerprints.same(other.fingerprint.sha256) == Match(other)
    assert await storage.fingerprints.same(bytes(32)) is None


async def test_recording_again_and_recording_nothing_change_nothing(storage: Storage) -> None:
    one, smaller = posted("a", 7), posted("smaller", 7)
    await storage.fingerprints.record([])
    for _ in range(2):
        await storage.fingerprints.record([one, smaller])
    alike = await storage.fingerprints.alike(7, 0)
    assert {match.posted for match in alike} == {one, smaller}


async def test_up_to_seven_bits_are_found_for_certain_wherever_they_are(storage: Storage) -> None:
    chance = random.Random(5)  # noqa: S311 - bits, not a secret
    likeness = chance.getrandbits(BITS)
    one = posted("a", likeness)
    await storage.fingerprints.record([one])
    for _ in range(20):
        near = flipped(likeness, chance.sample(range(BITS), 7))
        assert await storage.fingerprints.alike(near, _MOST) == [Match(one, 7)]


async def test_what_differs_in_more_bits_than_asked_is_not_alike(storage: Storage) -> None:
    await storage.fingerprints.record([posted("a", 0)])
    eleven = flipped(0, list(range(11)))
    assert await storage.fingerprints.alike(eleven, 10) == []
    assert [match.differing for match in await storage.fingerprints.alike(eleven, 11)] == [11]


async def test_the_nearest_comes_first_and_a_picture_found_by_all_parts_once(
    storage: Storage,
) -> None:
    far, near = posted("far", flipped(0, [0, 20, 40]), job=1), posted("near", 1, job=2)
    await storage.fingerprints.record([far, near])
    assert await storage.fingerprints.alike(0, _MOST) == [Match(near, 1), Match(far, 3)]


async def test_a_part_that_thousands_share_hides_no_picture_that_has_another(
    storage: Storage,
) -> None:
    chance = random.Random(6)  # noqa: S311 - bits, not a secret
    # A sky: all of them the same in half the parts, and in nothing else.
    half = BITS // 2
    crowd = [posted(f"{n}", chance.getrandbits(half), job=n) for n in range(1000)]
    one = posted("one", chance.getrandbits(half), job=5000)
    for at in range(0, len(crowd), 500):
        await storage.fingerprints.record(crowd[at : at + 500])
    await storage.fingerprints.record([one])
    near = flipped(one.fingerprint.likeness, [0, 1])
    assert (await storage.fingerprints.alike(near, _MOST))[0] == Match(one, 2)
