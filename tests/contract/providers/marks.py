"""Which mechanisms a test of the suite runs over."""

from collections.abc import Sequence

import pytest

from tests.contract.providers.mechanisms import (
    AT_ONCE,
    BY_JOB,
    BY_TASK,
    CLOUD,
    OFFLINE,
    POLLED,
    Mechanism,
)


def over(ways: Sequence[Mechanism]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("harness", ways, ids=str, indirect=True)


every = over((*CLOUD, OFFLINE))
cloud = over(CLOUD)
polled = over(POLLED)
only_at_once = over((AT_ONCE,))
only_by_task = over((BY_TASK,))
paid_for_certain = over((AT_ONCE, BY_JOB))
