"""Whatever VOD says of a task is read: it goes on, it is over, or it went wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.provider_errors import (
    InputRefused,
    OutcomeUnknown,
    ProviderError,
    ServerFault,
)
from bot.providers.vod.task import read_state

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9))
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
)
STATUS = st.sampled_from(("WAITING", "PROCESSING", "FINISH", "ABORTED")) | ANYTHING
FILES = st.lists(st.fixed_dictionaries({}, optional={"FileUrl": ANYTHING}) | ANYTHING, max_size=3)
TASK = st.fixed_dictionaries(
    {},
    optional={
        "Status": STATUS,
        "ErrCode": ANYTHING,
        "ErrCodeExt": ANYTHING,
        "Message": ANYTHING,
        "Output": st.fixed_dictionaries({}, optional={"FileInfos": FILES | ANYTHING}) | ANYTHING,
    },
)
REPLY = st.fixed_dictionaries(
    {}, optional={"Status": STATUS, "AigcImageTask": TASK | ANYTHING, "RequestId": ANYTHING}
)


@given(reply=REPLY)
def test_no_reply_is_too_strange_to_be_read(reply: dict[str, Any]) -> None:
    state = read_state(reply)
    assert state.error is None or isinstance(state.error, ProviderError)
    assert all(isinstance(url, str) and url for url in state.urls)
    assert not (state.urls and state.error)


@pytest.mark.parametrize("status", ["WAITING", "PROCESSING", "", None, 7])
def test_a_task_that_is_not_said_to_be_over_goes_on(status: object) -> None:
    assert not read_state({"Status": status, "AigcImageTask": {"Status": status}}).is_over


def test_fewer_pictures_than_asked_are_what_there_is() -> None:
    files = [{"FileUrl": "https://a.myqcloud.com/1.png"}, {"FileUrl": ""}, {}, None]
    state = read_state({"AigcImageTask": {"Status": "FINISH", "Output": {"FileInfos": files}}})
    assert state.urls == ("https://a.myqcloud.com/1.png",)


@pytest.mark.parametrize(
    ("task", "kind", "code"),
    [
        ({"ErrCodeExt": "NeverHeardOf", "ErrCode": 70000}, ServerFault, "NeverHeardOf"),
        ({"ErrCodeExt": "", "ErrCode": 40013}, InputRefused, "40013"),
        ({"ErrCode": "60000"}, InputRefused, "60000"),
        ({"ErrCodeExt": "TaskTimeout", "ErrCode": None}, ServerFault, "TaskTimeout"),
        ({"ErrCodeExt": "NeverHeardOf", "ErrCode": 0}, OutcomeUnknown, "NeverHeardOf"),
    ],
)
def test_a_failed_task_tells_by_both_of_its_codes_what_went_wrong(
    task: dict[str, Any], kind: type[ProviderError], code: str
) -> None:
    state = read_state({"AigcImageTask": {"Status": "FINISH", **task}})
    assert type(state.error) is kind
    assert isinstance(state.error, ProviderError)
    assert state.error.api_code == code


def test_a_good_end_without_a_picture_may_be_on_the_bill() -> None:
    state = read_state({"RequestId": "r", "Status": "FINISH", "AigcImageTask": {"ErrCode": 0}})
    assert isinstance(state.error, OutcomeUnknown)
    assert state.error.request_id == "r"
