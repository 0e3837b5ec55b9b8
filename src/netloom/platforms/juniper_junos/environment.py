"""The parts of the chassis: routing engines, temperatures, fans and power."""

from __future__ import annotations

from netloom.model.environment import EnvironmentState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_environment, show_environment_screen
from netloom.platforms.juniper_junos.outputs import Forms

READ = (
    Read("show chassis environment | display xml | no-more", rpc="<get-environment-information/>"),
    Read("show chassis routing-engine | display xml | no-more", rpc="<get-route-engine-information/>"),
)
COMPLEMENT = True

_FORMS: Forms[EnvironmentState] = Forms(
    {
        "environment-information": show_environment.parts,
        "route-engine-information": show_environment.engines,
        "temperature-threshold-information": show_environment.thresholds,
        "power-usage-information": show_environment.supplies,
        "fan-information": show_environment.fans,
        "chassis-inventory": show_environment.inventory,
    },
    show_environment_screen.SCREENS,
)


def observed(*outputs: str) -> list[EnvironmentState]:
    """`show chassis environment`, `routing-engine`, `temperature-thresholds`, `power detail`, `fan` and `hardware`."""
    return show_environment.applied(_FORMS.observed(outputs))
