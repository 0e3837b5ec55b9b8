"""NAPALM's getters over netloom's platforms: the same shapes, from the same replies or from a device."""

from netloom.compat.napalm.live import live
from netloom.compat.napalm.view import view

__all__ = ["live", "view"]
