"""What MIBs call the objects and notifications of network devices."""

from __future__ import annotations

from netloom.collectors.mibs import name_of

__all__ = ["name_of"]
