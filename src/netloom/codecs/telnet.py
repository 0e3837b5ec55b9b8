"""Telnet (RFC 854, 855) as a client sees it: commands out of the stream, options agreed on by RFC 1143's rules.

This side starts no negotiation, so of RFC 1143's states only YES and NO are needed, and no loop can arise.
"""

from __future__ import annotations

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
ECHO, SUPPRESS_GO_AHEAD, TERMINAL_TYPE, WINDOW_SIZE = 1, 3, 24, 31
HIS = frozenset({ECHO, SUPPRESS_GO_AHEAD})
"""Options the device may use."""
OURS = frozenset({SUPPRESS_GO_AHEAD, TERMINAL_TYPE, WINDOW_SIZE})
"""Options this side uses when asked to (RFC 858, 1091, 1073)."""
SUBNEGOTIATION_LIMIT = 1024
"""Bytes; a longer one is dropped whole."""
RETURN = b"\r\0"
"""The return key (RFC 854, "The NVT printer and keyboard")."""


class Telnet:
    """One connection's state."""

    def __init__(self, *, columns: int = 511, rows: int = 1000, terminal: bytes = b"VT100") -> None:
        self._size = columns.to_bytes(2) + rows.to_bytes(2)
        self._terminal = terminal
        self._his: set[int] = set()
        self._ours: set[int] = set()
        self._rest = b""
        self.dropped = 0
        """Subnegotiations that were too long."""

    def receive(self, data: bytes) -> tuple[bytes, bytes]:
        """The text in these bytes, and what to answer; a torn command waits for its rest."""
        data = self._rest + data
        self._rest = b""
        text, reply = bytearray(), bytearray()
        at = 0
        while (found := data.find(IAC, at)) >= 0:
            text += data[at:found]
            at = self._command(data, found, text, reply)
            if at == found:
                self._rest = data[found:]
                break
        else:
            text += data[at:]
        if text.endswith(b"\r") and not self._rest:
            # A carriage return is followed by LF or NUL; which one is still to come.
            del text[-1:]
            self._rest = b"\r"
        return bytes(text.replace(b"\r\0", b"\r")), bytes(reply)

    def send(self, text: bytes) -> bytes:
        """The bytes that carry this text."""
        return text.replace(b"\xff", b"\xff\xff")

    def _command(self, data: bytes, at: int, text: bytearray, reply: bytearray) -> int:
        """Handle the command at this place; the place after it, or the same where it is torn."""
        if at + 1 >= len(data):
            return at
        verb = data[at + 1]
        if verb == IAC:
            text.append(IAC)
            return at + 2
        if verb == SB:
            return self._subnegotiation(data, at, reply)
        if verb not in (WILL, WONT, DO, DONT):
            return at + 2
        if at + 2 >= len(data):
            return at
        reply += self._negotiate(verb, data[at + 2])
        return at + 3

    def _negotiate(self, verb: int, option: int) -> bytes:
        his = verb in (WILL, WONT)
        state, wanted = (self._his, HIS) if his else (self._ours, OURS)
        asked, agree, refuse = (WILL, DO, DONT) if his else (DO, WILL, WONT)
        if verb == asked:
            if option in state:
                return b""
            if option not in wanted:
                return bytes((IAC, refuse, option))
            state.add(option)
            size = self._sub(WINDOW_SIZE, self._size) if not his and option == WINDOW_SIZE else b""
            return bytes((IAC, agree, option)) + size
        if option not in state:
            return b""
        state.remove(option)
        return bytes((IAC, refuse, option))

    def _subnegotiation(self, data: bytes, at: int, reply: bytearray) -> int:
        end = data.find(bytes((IAC, SE)), at + 2)
        while end > 0 and _doubled(data, at + 2, end):
            end = data.find(bytes((IAC, SE)), end + 1)
        if end < 0:
            if len(data) - at > SUBNEGOTIATION_LIMIT:
                self.dropped += 1
                return len(data)
            return at
        # RFC 1091: TERMINAL-TYPE SEND (1) is answered by TERMINAL-TYPE IS (0).
        if data[at + 2 : end] == bytes((TERMINAL_TYPE, 1)) and TERMINAL_TYPE in self._ours:
            reply += self._sub(TERMINAL_TYPE, b"\0" + self._terminal)
        return end + 2

    def _sub(self, option: int, payload: bytes) -> bytes:
        return bytes((IAC, SB, option)) + self.send(payload) + bytes((IAC, SE))


def _doubled(data: bytes, start: int, at: int) -> bool:
    """Whether the IAC here is the second of a pair, that is, data."""
    run = 0
    while at - 1 - run >= start and data[at - 1 - run] == IAC:
        run += 1
    return run % 2 == 1
