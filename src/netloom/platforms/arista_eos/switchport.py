"""How ports switch."""

from __future__ import annotations

from netloom.model.switchport import SwitchportState
from netloom.platforms.arista_eos import show_switchport

READ = show_switchport.READ


def observed(*outputs: str) -> list[SwitchportState]:
    """Every port that could switch, as eAPI or the command line tells."""
    return show_switchport.switchports(outputs)
