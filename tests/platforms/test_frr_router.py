"""The rules against the real thing: what FRR shows after each change is what was predicted, to the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.platforms.frr_records import pairs_of_worlds
from tests.platforms.frr_router import Router, running_router
from tests.platforms.promises import World
from tests.platforms.test_frr_properties import FRR, PROMISES

from netloom.model.config import Config, Line

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def router() -> Iterator[Router]:
    with running_router() as running:
        yield running


def type_and_compare(router: Router, config: Config, lines: Sequence[Line], what: str) -> Config:
    """The router's configuration after these lines, which is the predicted one."""
    objections = router.type(FRR.script(lines))
    predicted, real = FRR.apply_lines(config, lines), FRR.parse(router.running_config())
    assert (objections, difference(predicted, real)) == ([], []), (what, lines)
    return real


def difference(predicted: Config, real: Config) -> list[str]:
    before, after = set(predicted.lines()), set(real.lines())
    return [f"missing: {line}" for line in before - after] + [f"unforeseen: {line}" for line in after - before]


@settings(
    max_examples=5,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(worlds=pairs_of_worlds)
def test_the_router_shows_what_was_predicted_and_comes_back_to_the_byte(
    router: Router, worlds: tuple[World, World]
) -> None:
    start = router.running_config()
    config = FRR.parse(start)
    for number, world in enumerate(worlds):
        _, lines = PROMISES.steer(config, world)
        config = type_and_compare(router, config, lines, f"world {number}")
        assert PROMISES.unmet(config, world) == []
    type_and_compare(router, config, FRR.delta(config, FRR.parse(start)), "back")
    assert FRR.normalise(router.running_config()) == FRR.normalise(start)
