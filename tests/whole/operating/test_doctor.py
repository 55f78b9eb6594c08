"""`easel doctor`: what each answer of the cloud proves, and what is set and tried on the way."""

import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.app import App
from bot.checkup.cloud import examine_cloud
from bot.checkup.findings import Finding, Status
from bot.checkup.paid_test import engine_of, make
from bot.checkup.probes import Probes
from bot.checkup.reconcile import reconcile
from bot.cli.local_stack import StandIns
from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.states import Fault, Kind
from bot.domain.operator_errors import FileUnusable, SettingsError
from bot.providers.probe import Probe
from bot.providers.tencent.call import TencentApi
from bot.providers.tencent.keys import Credentials
from bot.sandbox.tencent.account import Charge, Quota
from bot.settings.config import Settings, read_settings
from storage import Storage, open_storage
from tests.whole.conftest import has_pictures, until_settled
from tests.whole.process import easel

DAYS_30 = 30 * 86_400.0


@pytest.fixture
def settings(stand_ins: StandIns, tmp_path: Path) -> Settings:
    return read_settings(stand_ins.variables(tmp_path), folder=tmp_path)


@asynccontextmanager
async def storage_of(settings: Settings) -> AsyncIterator[Storage]:
    variables = settings.variables
    url = settings.database_url
    async with open_storage(url, variables.EASEL_DATA_DIR) as storage:
        yield storage


async def examined(
    settings: Settings, stand_ins: StandIns, quota: int | None = None
) -> dict[str, Finding]:
    findings = await examine_cloud(settings, time.time, quota)
    stand_ins.tencent.faults.clear()  # the probes are wrong on purpose
    return {finding.check: finding for finding in findings}


async def test_doctor_finds_nothing_wrong_on_the_stand_ins(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "doctor", "--json")
    stand_ins.tencent.faults.clear()
    findings = {finding["check"]: finding for finding in json.loads(ended.out)}
    assert ended.code == 0, ended.out
    assert {"settings", "database", "queue", "font", "discord", "clock", "vod quota"} < set(
        findings
    )
    assert {"engine anime", "engine gg-3.0", "engine refine"} < set(findings)
    assert [check for check, found in findings.items() if found["status"] != "good"] == []
    assert "budgets count 0.15 USD a picture" in findings["prices"]["text"]
    assert stand_ins.tencent.charged == []


async def test_doctor_tells_people_of_an_api_in_one_line_unless_an_engine_needs_a_hand(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.gone("SketchToImage")
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "doctor")
    stand_ins.tencent.faults.clear()
    engines = read_settings(stand_ins.variables(tmp_path), folder=tmp_path).engines
    of = Counter(engine.provider for engine in engines)
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert f"✓ vod answers and takes the keys ({of['vod']} engines)" in lines
    assert f"✓ aiart answers and takes the keys ({of['aiart'] - 1} engines)" in lines
    [sketch] = [line for line in lines if line[2:].startswith("engine ")]
    assert sketch.startswith("! engine sketch switched off: ActionOffline")
    [defaults] = [line for line in lines if line.startswith("✓ defaults ")]
    for words in ("/restyle anime (0.08 USD)", "/imagine gg-3.0 (no price set)", "/tool refine"):
        assert words in defaults


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


async def test_a_producer_is_never_drawn_so_the_font_may_lack_its_letters(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text('[label]\nproducer = "चित्र 😀"\n', "utf-8")
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "doctor")
    stand_ins.tencent.faults.clear()
    assert ended.code == 0, ended.out
    assert "✓ font" in ended.out


async def test_doctor_says_what_to_do_about_each_failure(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    changes = {"TENCENTCLOUD_SECRET_KEY": "a-wrong-key-of-length", "DISCORD_TOKEN": "wrong-token"}
    ended = await easel(tmp_path, {**stand_ins.variables(tmp_path), **changes}, "doctor")
    assert ended.code == 1
    assert "✗ discord" in ended.out
    assert "AuthFailure.SignatureFailure" in ended.out
    assert "TENCENTCLOUD_SECRET_ID" in ended.out
    assert "wrong-token" not in ended.out + ended.err
    stand_ins.tencent.faults.clear()
    stand_ins.discord.faults.clear()


async def test_every_engine_is_asked_once_and_makes_nothing(
    settings: Settings, stand_ins: StandIns
) -> None:
    found = await examined(settings, stand_ins)
    cloud = [engine.name for engine in settings.engines if engine.provider != "local"]
    assert {f"engine {name}" for name in cloud} <= set(found)
    assert stand_ins.tencent.charged == []
    assert stand_ins.tencent.account.tasks == {}


@pytest.mark.parametrize(
    ("code", "status", "words", "is_fault"),
    [
        ("ActionOffline", Status.WARNING, "switched off: ActionOffline", True),
        ("AuthFailure.UnauthorizedOperation", Status.WARNING, "Access Management", True),
        ("ResourceUnavailable.NotExist", Status.WARNING, "activate the service", True),
        ("RequestLimitExceeded.JobNumExceed", Status.GOOD, "busy now", False),
        ("InvalidParameterValue.NeverHeardOf", Status.GOOD, "answers and takes the keys", False),
        ("NeverHeardOf", Status.WARNING, "proves nothing", False),
    ],
)
async def test_an_answer_of_one_engine_is_told_with_what_it_proves(
    settings: Settings,
    stand_ins: StandIns,
    *,
    code: str,
    status: Status,
    words: str,
    is_fault: bool,
) -> None:
    stand_ins.tencent.script("RefineImage", code=code)
    endpoints = settings.endpoints
    refine = [engine for engine in settings.engines if engine.name == "refine"]
    async with httpx.AsyncClient() as http:
        api = TencentApi(http, Credentials(*settings.tencent_keys or ("", "")), now=time.time)
        catalogue = Catalogue(refine, providers=endpoints, endpoints=endpoints)
        probe = Probe(api, endpoints=endpoints, regions={}, sub_app_id=None)
        probed = await Probes(probe, catalogue).run()
    [finding] = probed.findings
    assert (finding.check, finding.status) == ("engine refine", status)
    assert (code in finding.text) == (status is not Status.GOOD)
    assert words in finding.text
    assert probed.good == (["refine"] if status is Status.GOOD else [])
    assert [fault.engines for fault in probed.faults] == ([("refine",)] if is_fault else [])


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
    vod = {engine.name for engine in settings.engines if engine.provider == "vod"}
    assert {state.engine for state in states} == {"anime"} | vod
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


@pytest.mark.parametrize("engine", ["refine", "gg-3.0", "outpaint", "hy-3.0"])
async def test_a_paid_test_makes_one_real_picture_like_a_members(
    settings: Settings, stand_ins: StandIns, tmp_path: Path, engine: str
) -> None:
    made = await make(settings, engine_of(settings, engine), tmp_path, now=time.time)
    assert len(made.file.read_bytes()) > 1000
    assert made.request_id
    assert "no price is set" in str(made)
    assert [charge.pictures for charge in stand_ins.tencent.charged] == [1]


async def test_a_paid_test_asks_first_and_tells_its_price(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    variables = stand_ins.variables(tmp_path)
    asked = await easel(tmp_path, variables, "doctor", "--paid-test", "anime")
    assert (asked.code, stand_ins.tencent.calls) == (1, [])
    assert "for 0.0800 USD. Go on?" in asked.out
    done = await easel(tmp_path, variables, "doctor", "--paid-test", "anime", "--yes")
    assert done.code == 0, done.err
    assert "paid-test-anime.jpeg" in done.out
    assert "cost: 0.0800 USD" in done.out


async def test_a_picture_of_our_own_is_on_nobodys_bill(tmp_path: Path) -> None:
    ended = await easel(tmp_path, {}, "doctor", "--paid-test", "local")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("paid-test-local.jpeg: made in ")
    assert ended.out.endswith(" by this program; it cost nothing.\n")


async def test_nothing_is_paid_where_the_picture_could_not_be_kept(
    settings: Settings, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")
    asked: list[str] = []
    anime = engine_of(settings, "anime")
    with pytest.raises(FileUnusable, match=r"taken cannot be written \(File exists\)"):
        await make(settings, anime, tmp_path / "taken", now=time.time, agree=asked.append)
    assert (asked, stand_ins.tencent.calls) == ([], [])


@pytest.mark.parametrize(
    ("engine", "changes", "words"),
    [
        ("anime", {"TENCENTCLOUD_SECRET_ID": None, "TENCENTCLOUD_SECRET_KEY": None}, "SECRET_ID"),
        ("gg-3.0", {"EASEL_VOD_SUB_APP_ID": None}, "vod is not set up: set EASEL_VOD_SUB_APP_ID"),
        ("local", {}, "only used without TENCENTCLOUD_SECRET_ID"),
    ],
)
async def test_what_is_missing_is_named_before_the_price(
    settings: Settings, tmp_path: Path, engine: str, changes: dict[str, None], words: str
) -> None:
    less = replace(settings, variables=settings.variables.model_copy(update=changes))
    asked: list[str] = []
    with pytest.raises(SettingsError, match=words):
        await make(less, engine_of(less, engine), tmp_path, now=time.time, agree=asked.append)
    assert asked == []


def test_a_paid_test_of_an_unknown_engine_names_those_there_are(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"no engine “dall-e”; there are others, such as "):
        engine_of(settings, "dall-e")


async def test_the_ledger_agrees_with_the_cloud_until_somebody_else_makes_a_picture(
    app: App, settings: Settings, stand_ins: StandIns
) -> None:
    assert await reconcile(settings, DAYS_30, now=time.time) == []
    reply = await stand_ins.visitor("Ada").imagine("a river", engine="gg-3.0")
    await reply.until(has_pictures)
    await until_settled(app)
    [agreed] = await reconcile(settings, DAYS_30, now=time.time)
    assert (agreed.model, agreed.counted, agreed.difference) == ("GG3.0", 1, 0)
    strange = replace(stand_ins.tencent.charged[0], pictures=3, model="Kling2.1_T2i_1K2K")
    stand_ins.tencent.account.charged.append(strange)
    kling, google = sorted(
        await reconcile(settings, 100 * DAYS_30 / 30, now=time.time), key=lambda line: line.model
    )[::-1]
    assert (kling.model, kling.difference, google.difference) == ("Kling2.1", 3, 0)


async def test_a_service_out_of_reach_is_told_in_words_by_every_command(
    settings: Settings, stand_ins: StandIns, tmp_path: Path
) -> None:
    async with storage_of(settings):
        pass
    away = stand_ins.variables(tmp_path) | {"EASEL_VOD_ENDPOINT": "http://127.0.0.1:9"}
    for command in (("reconcile",), ("doctor",), ("doctor", "--paid-test", "gg-3.0", "--yes")):
        ended = await easel(tmp_path, away, *command)
        assert ended.code == 1
        assert "nothing listens there" in ended.out + ended.err
        assert "ConnectError" not in ended.out + ended.err
    stand_ins.tencent.faults.clear()


async def test_reconcile_prints_the_difference_and_exits_with_1(
    settings: Settings, stand_ins: StandIns, tmp_path: Path
) -> None:
    async with storage_of(settings):
        pass
    made = Charge("CreateAigcImageTask", "req", None, 2, time.time() - 60, "Hunyuan3.0_1K")
    stand_ins.tencent.account.charged.append(made)
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "reconcile", "--since", "7d")
    assert ended.code == 1
    assert "+2" in ended.out
    assert "1 of 1 models differ" in ended.out
    assert "taken for UTC days" in ended.out
    assert "`easel doctor --paid-test` are counted by the cloud alone" in ended.out
    with pytest.raises(SettingsError, match="365 days"):
        await reconcile(settings, 366 * DAYS_30 / 30, now=time.time)


@pytest.mark.parametrize(
    ("assumed", "status", "words"),
    [
        ("", Status.GOOD, "budgets count 0.15 USD a picture"),
        ("[quotas]\nassumed_usd = 0.2\n", Status.GOOD, "budgets count 0.2 USD a picture"),
        ("[quotas]\nassumed_usd = 0\n", Status.WARNING, "budgets in USD do not bound them"),
    ],
)
async def test_engines_whose_price_budgets_assume_are_named(
    stand_ins: StandIns, tmp_path: Path, assumed: str, status: Status, words: str
) -> None:
    (tmp_path / "easel.toml").write_text(f'{assumed}[engines."gg-3.0"]\nprice_usd = 0.1\n')
    settings = read_settings(stand_ins.variables(tmp_path), folder=tmp_path)
    finding = (await examined(settings, stand_ins))["prices"]
    assert finding.status is status
    assert words in finding.text
    named = finding.text.partition(":")[0].split(", ")
    assert "gg-3.1" in named
    assert not {"gg-3.0", "anime", "local"} & set(named)
