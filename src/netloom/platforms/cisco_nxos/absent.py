"""What NX-OS says to the commands of a feature that is off: it does not know them."""

from __future__ import annotations

import re

FEATURE_OFF = re.compile(r"% ?Invalid command")
"""A mistyped command is answered so, too: only for questions that a system with the feature understands."""
NO_NEIGHBOR = re.compile(rf"{FEATURE_OFF.pattern}|ERROR: No neighbou?r information")
"""LLDP takes it for an error that nobody answers."""
