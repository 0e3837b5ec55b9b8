"""From which interface a service of EOS speaks: a line for each VRF, of which records hold one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from netloom.model.config import Config
from netloom.platforms.arista_eos.syntax import vrf_of


@dataclass(frozen=True, slots=True)
class SourceLine:
    """How one service says it."""

    text: str
    """With a place for the VRF's words and one for the interface."""
    word: str
    """What stands between them, or between the service and them."""
    old_word: str | None = None
    """The same, as earlier releases said it."""

    def stated(self, config: Config) -> str | None:
        """The interface, of the default VRF where several VRFs have one."""
        found = sorted(self._lines(config), key=lambda line: line[1] != "default")
        return found[0][2] if found else None

    def line(self, config: Config, interface: str, *, old: bool = False) -> str:
        """The line for an interface, in the VRF that it stands in, spelled as the configuration does."""
        for text, _, name in self._lines(config):
            if name == interface:
                return text
        vrf = vrf_of(config, interface)
        word = self.old_word if old and self.old_word else self.word
        return self.text.format(word=word, vrf=f"vrf {vrf} " if vrf != "default" else "", name=interface)

    def _lines(self, config: Config) -> Iterator[tuple[str, str, str]]:
        """Line, VRF and interface."""
        words = f"(?:{self.word}|{self.old_word})" if self.old_word else self.word
        pattern = re.compile(self.text.format(word=words, vrf=r"(?:vrf (\S+) )?", name=r"(\S+)"))
        for text in config.tree:
            if match := pattern.fullmatch(text):
                yield text, match[1] or "default", match[2]


LOGGING = SourceLine("logging {vrf}{word} {name}", "source-interface")
NTP = SourceLine("ntp {word} {vrf}{name}", "local-interface", "source")
SNMP = SourceLine("snmp-server {vrf}{word} {name}", "local-interface", "source-interface")
DNS = SourceLine("ip domain lookup {vrf}{word} {name}", "source-interface")
