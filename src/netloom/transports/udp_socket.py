"""Sockets for much UDP: the kernel's own count of what it dropped, one source always to one worker, a peaceful end."""

from __future__ import annotations

import ctypes
import socket
import struct

# include/uapi/asm-generic/socket.h; Python's socket module does not name them.
_SO_ATTACH_FILTER = 26
_SO_ATTACH_REUSEPORT_CBPF = 51
_SO_MEMINFO = 55
_MEMINFO_DROPS = 8
_MEMINFO = struct.Struct("9I")
_NETWORK = -0x100000
"""Loads relative to this begin at the IP header (linux/filter.h, SKF_NET_OFF)."""
_GOLDEN = 0x9E3779B1

Instruction = tuple[int, int, int, int]
"""Opcode, jump if true, jump if false, operand."""

# Opcodes of classic BPF (linux/bpf_common.h): A is the accumulator, X the index.
_LD_WORD, _LD_BYTE, _JUMP, _JUMP_EQUAL = 0x20, 0x30, 0x05, 0x15
_AND, _MULTIPLY, _SHIFT_RIGHT, _MODULO = 0x54, 0x24, 0x74, 0x94
_RETURN_A, _RETURN = 0x16, 0x06
_XOR_X: Instruction = (0xAC, 0, 0, 0)
_TAX: Instruction = (0x07, 0, 0, 0)


def buffer_bytes(receiving: socket.socket) -> int:
    """The buffer as granted; the kernel counts its own overhead in, for which it doubles what was asked for."""
    return receiving.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2


def dropped(receiving: socket.socket) -> int:
    """Datagrams that came and never got into the buffer, modulo 2³²."""
    raw = receiving.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size)
    drops: int = _MEMINFO.unpack(raw)[_MEMINFO_DROPS]
    return drops


def refuse(receiving: socket.socket) -> None:
    """Let nothing more into the buffer: what comes is dropped and counted, what is there can still be read."""
    _attach(receiving, _SO_ATTACH_FILTER, [(_RETURN, 0, 0, 0)])


def steer(receiving: socket.socket, workers: int) -> None:
    """Let the source address choose among the sockets of a shared port; raises OSError.

    The program is the port's: whoever attaches last sets it. Sockets are numbered in the order they were bound in.
    """
    # IPv6's source has four words, which are joined by XOR; IPv4's is one.
    joined: list[Instruction] = [_load(8), _TAX]
    for place in (12, 16, 20):
        joined += [_load(place), _XOR_X, _TAX]
    program = [
        (_LD_BYTE, 0, 0, _at(0)),
        (_AND, 0, 0, 0xF0),
        (_JUMP_EQUAL, 2, 0, 0x60),
        _load(12),
        (_JUMP, 0, 0, len(joined)),
        *joined,
        (_MULTIPLY, 0, 0, _GOLDEN),
        (_SHIFT_RIGHT, 0, 0, 16),
        (_MODULO, 0, 0, workers),
        (_RETURN_A, 0, 0, 0),
    ]
    _attach(receiving, _SO_ATTACH_REUSEPORT_CBPF, program)


def _at(place: int) -> int:
    return (_NETWORK + place) & 0xFFFFFFFF


def _load(place: int) -> Instruction:
    return (_LD_WORD, 0, 0, _at(place))


def _attach(receiving: socket.socket, option: int, program: list[Instruction]) -> None:
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    receiving.setsockopt(socket.SOL_SOCKET, option, struct.pack("@HP", len(program), ctypes.addressof(code)))
