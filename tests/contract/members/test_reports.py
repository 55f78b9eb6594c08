"""What members report: noted once over all processes, few in an hour, and taken back."""

import asyncio
from pathlib import Path

from bot.domain.jobs.job import JobId, job_id_of
from bot.domain.members.reports import Noted, Report, ReportKind, Untold
from storage import Storage, open_storage
from tests.contract.orders import NOW

ADA, BOB = 1, 2
REFUSAL, PICTURE = ReportKind.REFUSAL, ReportKind.PICTURE


def job(number: int) -> JobId:
    return job_id_of(number)


async def note(storage: Storage, report: Report, now: float = NOW) -> Noted:
    return await storage.reports.note(report, now, since=now - 3600, most=3)


async def test_a_report_is_new_once_for_each_person_kind_and_job(storage: Storage) -> None:
    first = Report(job(1), PICTURE, ADA)
    assert await note(storage, first) is Noted.NEW
    assert await note(storage, first, NOW + 9000) is Noted.KNOWN
    for other in (Report(job(1), PICTURE, BOB), Report(job(1), REFUSAL, ADA)):
        assert await note(storage, other) is Noted.NEW


async def test_what_could_not_be_told_is_new_again(storage: Storage) -> None:
    report, other = Report(job(1), PICTURE, ADA), Report(job(1), PICTURE, BOB)
    await note(storage, report)
    await note(storage, other)
    await storage.reports.forget(report)
    assert await note(storage, report) is Noted.NEW
    assert await note(storage, other) is Noted.KNOWN


async def test_what_moderators_were_told_of_is_known_whoever_reports_it(storage: Storage) -> None:
    first = Report(job(1), PICTURE, ADA, 1)
    await note(storage, first)
    await storage.reports.told(first, NOW + 1)
    assert await note(storage, Report(job(1), PICTURE, BOB, 1)) is Noted.KNOWN
    for other in (Report(job(1), PICTURE, BOB, 2), Report(job(1), REFUSAL, BOB, 1)):
        assert await note(storage, other) is Noted.NEW


async def test_each_picture_of_a_result_is_told_of_once(storage: Storage) -> None:
    for picture in (1, 2):
        assert await note(storage, Report(job(1), PICTURE, ADA, picture)) is Noted.NEW
        assert await note(storage, Report(job(1), PICTURE, ADA, picture)) is Noted.KNOWN
    await storage.reports.forget(Report(job(1), PICTURE, ADA, 1))
    assert await note(storage, Report(job(1), PICTURE, ADA, 2)) is Noted.KNOWN


async def test_what_was_noted_and_not_told_is_found_with_its_place(storage: Storage) -> None:
    told, later = Report(job(1), PICTURE, ADA), Report(job(2), PICTURE, ADA, 2)
    asked, place = Report(job(3), REFUSAL, BOB), (2**62, 2**62 + 1)
    await note(storage, told)
    await storage.reports.told(told, NOW + 1)
    await note(storage, asked)
    await storage.reports.note(later, NOW + 9, since=NOW, most=3, shown=place)
    assert await storage.reports.untold(NOW + 1) == [Untold(asked, None, NOW)]
    both = [Untold(asked, None, NOW), Untold(later, place, NOW + 9)]
    assert await storage.reports.untold(NOW + 10) == both


async def test_a_member_makes_only_so_many_in_an_hour_and_takes_nobody_elses(
    storage: Storage,
) -> None:
    kinds = [(job(1), PICTURE), (job(1), REFUSAL), (job(2), PICTURE), (job(3), PICTURE)]
    noted = [await note(storage, Report(*each, ADA)) for each in kinds]
    assert noted == [Noted.NEW] * 3 + [Noted.TOO_MANY]
    assert await note(storage, Report(job(1), PICTURE, ADA)) is Noted.KNOWN
    assert await note(storage, Report(job(3), PICTURE, BOB)) is Noted.NEW
    assert await note(storage, Report(job(3), PICTURE, ADA), NOW + 3601) is Noted.NEW


async def test_of_presses_at_once_over_processes_one_is_new(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    async with open_storage(url, tmp_path) as other:
        same = [note(each, Report(job(1), PICTURE, ADA)) for each in (storage, other) * 3]
        assert sorted(await asyncio.gather(*same)) == [*[Noted.KNOWN] * 5, Noted.NEW]
        many = [
            note(each, Report(job(number), PICTURE, BOB))
            for number, each in enumerate((storage, other) * 3)
        ]
        noted = await asyncio.gather(*many)
    assert noted.count(Noted.NEW) == 3


async def test_reports_go_with_the_rows_of_old_jobs(storage: Storage) -> None:
    report = Report(job(1), PICTURE, ADA)
    await note(storage, report)
    await storage.retention.forget_jobs(NOW, 100)
    assert await note(storage, report) is Noted.KNOWN
    await storage.retention.forget_jobs(NOW + 1, 100)
    assert await note(storage, report) is Noted.NEW
