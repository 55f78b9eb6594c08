"""Which engine a command uses."""

from dataclasses import replace

import pytest

from bot.domain.engines.account import region_of, site_of
from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import UnknownEngine
from bot.domain.engines.states import EngineState, Kind, Telling
from bot.domain.errors import EngineOff, NoEngine, ServicePaused
from bot.domain.provider_errors import EngineGone, OperatorFault, RequestBug
from tests.domain.engines.samples import ANIME, GG

GONE = EngineState("anime", Kind.GONE, "ActionOffline", "req-1", 0.0, 86400.0)
PAUSED = EngineState("gg-3.0", Kind.PAUSED, "LimitExceeded.Quota", "req-2", 0.0, 600.0)


def both() -> Catalogue:
    return Catalogue([ANIME, GG], providers={"aiart", "vod"})


def test_the_first_usable_engine_of_the_command_is_the_default() -> None:
    assert both().choose("restyle", None) is ANIME
    assert both().choose("imagine", None) is GG


def test_an_engine_declared_gone_is_skipped() -> None:
    catalogue = both()
    catalogue.suspend([GONE])
    assert catalogue.choose("restyle", None) is GG


def test_a_paused_engine_is_skipped_and_its_name_is_answered_with_the_sentence() -> None:
    catalogue = both()
    catalogue.suspend([PAUSED])
    assert catalogue.choose("restyle", None) is ANIME
    for name in ("gg-3.0", None):
        with pytest.raises(ServicePaused, match="not available right now"):
            catalogue.choose("imagine", name)
    catalogue.suspend([])
    assert catalogue.choose("imagine", None) is GG


def test_neighbours_share_service_and_address_and_can_be_used() -> None:
    elsewhere = replace(ANIME, name="elsewhere", endpoint="https://aiart.tencentcloudapi.com")
    own = replace(ANIME, name="own")
    endpoints = {"aiart": "https://aiart.intl.tencentcloudapi.com", "vod": ""}
    catalogue = Catalogue(
        [ANIME, own, elsewhere, GG], providers={"aiart", "vod"}, endpoints=endpoints
    )
    assert catalogue.neighbours("anime") == [ANIME, own]


ARREARS = OperatorFault("ResourceUnavailable.InArrears", request_id="req-3", reach="account")
FORBIDDEN = OperatorFault("UnauthorizedOperation", request_id="req-4", reach="api")
ENDPOINTS = {"aiart": "https://aiart.intl.tencentcloudapi.com", "vod": "https://vod.example.com"}


def many() -> Catalogue:
    refine = replace(ANIME, name="refine", action="RefineImage")
    engines = [ANIME, refine, GG, replace(GG, name="gg-2.5", version="2.5")]
    return Catalogue(
        engines,
        providers={"aiart", "vod"},
        endpoints=ENDPOINTS,
        regions={"aiart": "ap-singapore"},
    )


@pytest.mark.parametrize(
    ("engine", "error", "names"),
    [
        (ANIME, ARREARS, ("anime", "refine")),
        (ANIME, FORBIDDEN, ("anime",)),
        (GG, FORBIDDEN, ("gg-3.0", "gg-2.5")),
        (GG, EngineGone("ActionOffline", reach="api"), ("gg-3.0", "gg-2.5")),
        (GG, EngineGone("UnsupportedOperation"), ("gg-3.0",)),
        (GG, RequestBug("InvalidParameter"), ("gg-3.0",)),
    ],
)
def test_a_fault_suspends_what_its_reach_says(
    engine: Engine, error: Telling, names: tuple[str, ...]
) -> None:
    fault = many().fault(engine, error)
    assert (fault.engines, fault.code) == (names, error.code)
    assert set(fault.addresses) == set(names)


def test_a_state_of_another_address_or_of_no_engine_concerns_nobody() -> None:
    catalogue = many()
    here = "https://aiart.intl.tencentcloudapi.com ap-singapore"
    assert catalogue.address("anime") == here
    assert catalogue.address("gg-3.0") == "https://vod.example.com"
    assert catalogue.concerns(replace(GONE, address=here))
    assert catalogue.concerns(GONE)
    assert not catalogue.concerns(replace(GONE, address=f"{here}-2"))
    assert not catalogue.concerns(replace(GONE, engine="dall-e"))


def test_an_engine_without_its_provider_is_off() -> None:
    catalogue = Catalogue([ANIME, GG], providers={"aiart"})
    with pytest.raises(NoEngine):
        catalogue.choose("imagine", None)


def test_naming_an_engine_that_is_off_says_so() -> None:
    catalogue = both()
    catalogue.suspend([GONE])
    with pytest.raises(EngineOff, match="anime"):
        catalogue.choose("restyle", "anime")


@pytest.mark.parametrize("name", ["dall-e", "anime"])
def test_an_engine_the_command_does_not_have_is_answered_with_those_it_has(name: str) -> None:
    with pytest.raises(UnknownEngine, match=r"gg-3\.0"):
        both().choose("imagine", name)


@pytest.mark.parametrize(
    ("endpoint", "site"),
    [
        ("https://aiart.intl.tencentcloudapi.com", "international"),
        ("https://aiart.tencentcloudapi.com", "mainland"),
        ("https://aiart.ap-guangzhou.tencentcloudapi.com", "mainland"),
        ("http://127.0.0.1:8123", None),
        ("https://tencentcloudapi.com.example.org", None),
    ],
)
def test_the_endpoint_tells_the_site(endpoint: str, site: str | None) -> None:
    assert site_of(endpoint) == site
    assert region_of(endpoint) == ("ap-guangzhou" if site == "mainland" else "ap-singapore")


def test_an_engine_is_off_where_the_endpoints_site_does_not_offer_it() -> None:
    lite = replace(
        ANIME, name="lite", capabilities=replace(ANIME.capabilities, sites=("mainland",))
    )
    endpoints = {"aiart": "https://aiart.intl.tencentcloudapi.com"}
    catalogue = Catalogue([lite, ANIME], providers={"aiart"}, endpoints=endpoints)
    assert catalogue.choose("restyle", None) is ANIME
    assert "international" in (catalogue.why_off("lite") or "")


def test_an_engines_own_endpoint_counts() -> None:
    capabilities = replace(ANIME.capabilities, sites=("mainland",))
    lite = replace(ANIME, capabilities=capabilities, endpoint="https://aiart.tencentcloudapi.com")
    endpoints = {"aiart": "https://aiart.intl.tencentcloudapi.com"}
    catalogue = Catalogue([lite], providers={"aiart"}, endpoints=endpoints)
    assert catalogue.choose("restyle", None) is lite
