"""What an answer to a call that costs nothing proves, in the words of the doctor."""

import pytest

from bot.checkup.findings import Finding, Status
from bot.checkup.probes import Probed, Probes
from bot.domain.engines.catalogue import Catalogue
from bot.providers.probe import Probe
from bot.providers.tencent.call import TencentApi
from bot.sandbox.tencent.server import TencentSandbox
from tests.contract.providers.mechanisms import APP
from tests.providers.work import shipped

OF_AIART = ("anime", "refine", "sketch")


async def probed(api: TencentApi, endpoint: str, *names: str) -> Probed:
    endpoints = {"aiart": endpoint, "vod": endpoint}
    engines = [shipped()[name] for name in names]
    catalogue = Catalogue(engines, providers=endpoints, endpoints=endpoints)
    probe = Probe(api, endpoints=endpoints, regions={"aiart": "ap-singapore"}, sub_app_id=APP)
    return await Probes(probe, catalogue).run()


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
    tencent: TencentSandbox,
    api: TencentApi,
    *,
    code: str,
    status: Status,
    words: str,
    is_fault: bool,
) -> None:
    tencent.script("RefineImage", code=code)
    found = await probed(api, tencent.url, "refine")
    [finding] = found.findings
    assert (finding.check, finding.status) == ("engine refine", status)
    assert (code in finding.text) == (status is not Status.GOOD)
    assert words in finding.text
    assert found.good == (["refine"] if status is Status.GOOD else [])
    assert [fault.engines for fault in found.faults] == ([("refine",)] if is_fault else [])


async def test_a_fault_of_the_account_is_told_once_for_its_engines(
    tencent: TencentSandbox, api: TencentApi
) -> None:
    tencent.script("ImageToImage", code="ResourceUnavailable.InArrears")
    found = await probed(api, tencent.url, *OF_AIART, "gg-3.0")
    account, other = found.findings
    assert (account.check, account.status) == ("aiart", Status.BAD)
    assert "; concerns anime, refine, sketch. What to do: pay what is due" in account.text
    assert (other.check, other.status) == ("engine gg-3.0", Status.GOOD)
    assert len([call for call in tencent.calls if call.action != "CreateAigcImageTask"]) == 1


async def test_an_api_of_many_engines_is_asked_once_and_answers_for_all(
    tencent: TencentSandbox, api: TencentApi
) -> None:
    found = await probed(api, tencent.url, "gg-3.0", "og-low")
    proven = "answers and takes the keys"
    assert found.findings == [
        Finding("engine gg-3.0", Status.GOOD, proven, "vod"),
        Finding("engine og-low", Status.GOOD, proven, "vod"),
    ]
    assert found.good == ["gg-3.0", "og-low"]
    assert len(tencent.calls) == 1
    assert tencent.charged == []


async def test_a_service_out_of_reach_is_told_once_with_the_reason(api: TencentApi) -> None:
    found = await probed(api, "http://127.0.0.1:9", *OF_AIART)
    [finding] = found.findings
    assert finding == Finding(
        "aiart",
        Status.BAD,
        "cannot be reached (nothing listens there): check the network and the endpoint, and try "
        "again; concerns anime, refine, sketch",
    )
    assert (found.good, found.faults) == ([], [])


async def test_a_wrong_key_of_this_look_suspends_nothing(
    tencent: TencentSandbox, api: TencentApi
) -> None:
    tencent.script("ImageToImage", code="AuthFailure.SignatureFailure")
    found = await probed(api, tencent.url, *OF_AIART)
    assert [finding.status for finding in found.findings] == [Status.BAD]
    assert found.faults == []
