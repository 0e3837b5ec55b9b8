"""Leading a platform's talk with a device: each question asked, each answer sent back."""

from __future__ import annotations

from typing import Protocol, TypeVar

from netloom.errors import NetloomError
from netloom.platforms.contract import Ask, Talk

Answer = TypeVar("Answer")


class Exchanges(Protocol):
    """What a talk is led over."""

    async def exchange(self, ask: Ask, *, timeout_s: float | None = None) -> str:
        """One question of a talk, and the answer."""
        ...


async def converse(session: Exchanges, talk: Talk[Answer], *, timeout_s: float | None = None) -> Answer:
    """Lead a talk to its end; what goes wrong is told to the talk first, and raised if it knows no better."""
    try:
        ask = next(talk)
        while True:
            try:
                reply = await session.exchange(ask, timeout_s=timeout_s)
            except NetloomError as exc:
                ask = talk.throw(exc)
            else:
                ask = talk.send(reply)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
