"""What the cloud counted beside what the ledger says."""

from dataclasses import replace

import pytest

from bot.domain.quotas.reconciling import Comparison, EngineUsage, compare
from tests.domain.engines.samples import GG

HUNYUAN = replace(GG, name="hunyuan-3.0", model="Hunyuan", version="3.0")
PREVIEW = replace(GG, name="hunyuan-3.5", model="Hunyuan", version="3.5-preview")
VIDU = replace(GG, name="vidu-q2", model="Vidu", version="q2")
QWEN = replace(GG, name="qwen-0925", model="Qwen", version="0925")
ENGINES = [GG, HUNYUAN, PREVIEW, VIDU, QWEN]


def lines(
    counted: dict[str, int], *used: EngineUsage, names: dict[str, str] | None = None
) -> dict[str, Comparison]:
    return {line.model: line for line in compare(counted, used, ENGINES, names or {})}


def test_all_specifications_of_a_model_are_one_line() -> None:
    counted = {"Hunyuan3.0_1K": 2, "Hunyuan3.0_4K": 1, "ViduQ2_Refer2i_1080P": 5}
    found = lines(counted, EngineUsage("hunyuan-3.0", 3, 0, 0.3), EngineUsage("vidu-q2", 5, 0, 0.0))
    assert {model: line.difference for model, line in found.items()} == {
        "Hunyuan3.0": 0,
        "Viduq2": 0,
    }
    assert found["Hunyuan3.0"].cost_usd == pytest.approx(0.3)


def test_a_model_is_not_taken_for_one_whose_name_it_begins_with() -> None:
    found = lines({"Hunyuan3.5-preview": 1, "Hunyuan3": 1}, EngineUsage("hunyuan-3.5", 1, 0, 0.0))
    assert found["Hunyuan3.5-preview"].difference == 0
    assert found["Hunyuan3"].difference == 1


def test_an_older_name_is_the_same_model() -> None:
    assert lines({"Gem3.0_2K": 4}, EngineUsage("gg-3.0", 4, 0, 0.0))["GG3.0"].difference == 0


def test_the_operator_may_say_what_a_specification_means() -> None:
    used = EngineUsage("qwen-0925", 2, 0, 0.0)
    assert lines({"Qwen2.0": 2}, used)["Qwen2.0"].difference == 2
    assert lines({"Qwen2.0": 2}, used, names={"Qwen2.0": "qwen-0925"})["Qwen0925"].difference == 0


@pytest.mark.parametrize(
    ("counted", "difference"), [(9, -1), (10, 0), (12, 0), (13, 0), (15, 2), (0, -10)]
)
def test_pictures_nobody_knows_of_explain_so_many_and_no_more(
    counted: int, difference: int
) -> None:
    [line] = lines({"GG3.0": counted}, EngineUsage("gg-3.0", 10, 3, 0.0)).values()
    assert line.difference == difference
