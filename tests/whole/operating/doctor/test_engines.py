"""`easel doctor`: what each answer of the cloud proves, and what is set and tried on the way."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.checkup.cloud import examine_cloud
from bot.checkup.findings import Status
from bot.cli.local_stack import StandIns
from bot.domain.engines.states import Fault, Kind
from bot.sandbox.tencent.account import Quota
from bot.settings.config import Settings, read_settings
from tests.whole.operating.doctor.conftest import examined, storage_of
from tests.whole.process import easel


async def test_a_default_is_what_can_be_used_now(settings: Settings, stand_ins: StandIns) -> None:
    async with storage_of(settings) as storage:
        stand_ins.tencent.gone("ImageToImage")
        found = await examined(settings, stand_ins)
        assert "/restyle gg-3.0 (no price set)" in found["defaults"].text
        await storage.engine_states.lift(await storage.engine_states.all())
    keyless = {"TENCENTCLOUD_SECRET_ID": None, "TENCENTCLOUD_SECRET_KEY": None}
    alone = replace(settings, variables=settings.variables.model_copy(update=keyless))
    found = await examined(alone, stand_ins)
    assert found["defaults"].text == "/imagine local (free), /restyle local (free)"


async def test_every_engine_is_asked_once_and_makes_nothing(
    settings: Settings, stand_ins: StandIns
) -> None:
    found = await examined(settings, stand_ins)
    cloud = [engine.name for engine in settings.engines if engine.provider != "local"]
    assert {f"engine {name}" for name in cloud} <= set(found)
    assert stand_ins.tencent.charged == []
    assert stand_ins.tencent.account.tasks == {}


async def test_arrears_are_found_once_for_all_engines_of_the_account(
    settings: Settings, stand_ins: StandIns
) -> None:
    stand_ins.tencent.script("ImageToImage", code="ResourceUnavailable.InArrears")
    found = await examined(settings, stand_ins)
    assert found["aiart"].is_fatal
    for words in ("ResourceUnavailable.InArrears", "anime", "refine", "top the account up"):
        assert words in found["aiart"].text
    assert "engine refine" not in found
    assert found["engine gg-3.0"].status is Status.GOOD


async def test_a_service_that_cannot_be_reached_is_tried_once(settings: Settings) -> None:
    nowhere = dict.fromkeys(("EASEL_AIART_ENDPOINT", "EASEL_VOD_ENDPOINT"), "http://127.0.0.1:9")
    moved = replace(settings, variables=settings.variables.model_copy(update=nowhere))
    found = {finding.check: finding for finding in await examine_cloud(moved, time.time)}
    text = found["aiart"].text
    assert text.startswith("cannot be reached (nothing listens there): check the network")
    assert re.search(r"concerns [\w., -]+ and \d+ more$", text)
    assert found["vod"].is_fatal
    assert found["engines"].is_fatal


async def test_a_clock_that_is_off_is_named_before_the_service_refuses_it(
    settings: Settings, stand_ins: StandIns
) -> None:
    findings = await examine_cloud(settings, lambda: time.time() + 200)
    stand_ins.tencent.faults.clear()
    [clock] = [finding for finding in findings if finding.check == "clock"]
    assert clock.status is Status.WARNING
    assert "s ahead of" in clock.text


async def test_suspended_engines_are_shown_and_a_good_answer_lifts_them(
    settings: Settings, stand_ins: StandIns
) -> None:
    async with storage_of(settings) as storage:
        for engine, kind in (("anime", Kind.PAUSED), ("refine", Kind.GONE)):
            await storage.engine_states.suspend(
                Fault((engine,), kind, "SomeCode", "req-7"), time.time()
            )
    stand_ins.tencent.gone("RefineImage")
    found = await examined(settings, stand_ins)
    assert found["paused anime"].status is Status.GOOD
    assert "lifted" in found["paused anime"].text
    assert found["gone refine"].status is Status.WARNING
    refused = [call for call in stand_ins.tencent.calls if call.action == "RefineImage"]
    why = f"switched off for ActionOffline, RequestId {refused[0].request_id}"
    assert why in found["gone refine"].text
    async with storage_of(settings) as storage:
        assert [state.engine for state in await storage.engine_states.all()] == ["refine"]


async def test_vod_is_asked_once_for_all_engines_behind_its_one_api(
    settings: Settings, stand_ins: StandIns
) -> None:
    found = await examined(settings, stand_ins)
    asked = [call for call in stand_ins.tencent.calls if call.action == "CreateAigcImageTask"]
    assert len(asked) == 1
    vod = [engine.name for engine in settings.engines if engine.provider == "vod"]
    assert {found[f"engine {name}"].status for name in vod} == {Status.GOOD}


async def test_what_a_job_would_meet_is_kept_so_that_no_job_meets_it(
    settings: Settings, stand_ins: StandIns
) -> None:
    async with storage_of(settings):
        pass
    stand_ins.tencent.gone("CreateAigcImageTask")
    stand_ins.tencent.script("ImageToImage", code="UnauthorizedOperation")
    found = await examined(settings, stand_ins)
    assert "switched off for ActionOffline" in found["gone gg-3.0"].text
    assert "paused for UnauthorizedOperation" in found["paused anime"].text
    async with storage_of(settings) as storage:
        states = await storage.engine_states.all()
    vod = [engine for engine in settings.engines if engine.provider == "vod"]
    tasks = {engine.name for engine in vod if not engine.action}
    assert {state.engine for state in states} == {"anime"} | tasks
    assert all(state.told_at is not None for state in states)


async def test_a_wrong_key_of_this_look_suspends_nothing(
    settings: Settings, stand_ins: StandIns
) -> None:
    async with storage_of(settings):
        pass
    wrong = {"TENCENTCLOUD_SECRET_KEY": SecretStr("a-wrong-key-of-length")}
    mine = replace(settings, variables=settings.variables.model_copy(update=wrong))
    found = await examined(mine, stand_ins)
    assert found["aiart"].is_fatal
    async with storage_of(settings) as storage:
        assert await storage.engine_states.all() == []


@pytest.mark.parametrize("hosts", ["[]", '["media.example.com"]'])
async def test_unfetchable_results_stay_suspended_until_a_host_is_named(
    stand_ins: StandIns, tmp_path: Path, hosts: str
) -> None:
    (tmp_path / "easel.toml").write_text(f"[results]\nhosts = {hosts}\n")
    settings = read_settings(stand_ins.variables(tmp_path), folder=tmp_path)
    async with storage_of(settings) as storage:
        fault = Fault(("gg-3.0",), Kind.PAUSED, "ResultElsewhere", "req-7")
        await storage.engine_states.suspend(fault, time.time())
    finding = (await examined(settings, stand_ins))["paused gg-3.0"]
    assert ("lifted" in finding.text) == (hosts != "[]")


async def test_without_vod_a_good_answer_lifts_too_and_a_state_from_elsewhere_is_forgotten(
    settings: Settings, stand_ins: StandIns
) -> None:
    fault = Fault(("anime", "refine"), Kind.PAUSED, "SomeCode", "req-7", {"refine": "https://old"})
    async with storage_of(settings) as storage:
        await storage.engine_states.suspend(fault, time.time())
    alone = settings.variables.model_copy(update={"EASEL_VOD_SUB_APP_ID": None})
    found = await examined(replace(settings, variables=alone), stand_ins)
    assert found["vod"].status is Status.WARNING
    assert "lifted" in found["paused anime"].text
    assert "paused refine" not in found
    async with storage_of(settings) as storage:
        assert await storage.engine_states.all() == []


async def test_a_finding_shows_no_secret_that_the_service_quotes(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    variables = stand_ins.variables(tmp_path)
    secret = variables["TENCENTCLOUD_SECRET_ID"]
    stand_ins.tencent.script("ImageToImage", code="AuthFailure.SecretIdNotFound", message=secret)
    ended = await easel(tmp_path, variables, "doctor")
    stand_ins.tencent.faults.clear()
    assert "AuthFailure.SecretIdNotFound: •••" in ended.out
    assert secret not in ended.out + ended.err


async def test_the_cap_on_vods_pictures_is_set_and_changed(
    settings: Settings, stand_ins: StandIns
) -> None:
    assert "0 of 50 pictures" in (await examined(settings, stand_ins, 50))["vod quota"].text
    stand_ins.tencent.account.image_quota = Quota(100, 0.0)
    assert "0 of 200 pictures" in (await examined(settings, stand_ins, 200))["vod quota"].text
    assert stand_ins.tencent.account.image_quota is not None
    assert stand_ins.tencent.account.image_quota.limit == 200
