"""What NX-OS says to the commands of a feature that is off: it does not know them."""

from __future__ import annotations

import re

FEATURE_OFF = re.compile(r"% ?Invalid command")
"""A mistyped command is answered so, too: only for questions that a system with the feature understands."""
