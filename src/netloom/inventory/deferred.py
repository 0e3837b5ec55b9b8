"""A secret that is fetched when it is first revealed."""

from __future__ import annotations

from collections.abc import Callable

from netloom.model.secret import Secret


class DeferredSecret(Secret):
    """Stands for what `fetch` returns, which is called once, and not before it is needed; it may raise SecretError."""

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], Secret]) -> None:
        super().__init__("")
        self._fetch: Callable[[], Secret] | None = fetch

    def reveal(self) -> str:
        if self._fetch is not None:
            self._text = self._fetch().reveal()
            self._fetch = None
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.reveal() == other.reveal()

    def __hash__(self) -> int:
        return hash(self.reveal())
