"""Processors, memory, fans, sensors and power supplies."""

from __future__ import annotations

from netloom.model.environment import EnvironmentState
from netloom.platforms.arista_eos import show_environment

READ = show_environment.READ


def observed(*outputs: str) -> list[EnvironmentState]:
    """Every part, as eAPI or the command line tells."""
    return show_environment.parts(outputs)
