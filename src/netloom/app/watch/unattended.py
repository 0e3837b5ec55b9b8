"""A workspace opened by a process that nobody sits before."""

from __future__ import annotations

from netloom.app.wiring import App
from netloom.errors import SecretError
from netloom.workspace import Workspace


def unattended(workspace: Workspace) -> App:
    """The application of a workspace; a secret that somebody would have to be asked for raises SecretError."""
    return App(workspace, ask=_nobody)


def _nobody(what: str) -> str:
    hint = "nobody is there to answer: use env:, file: or keyring:"
    raise SecretError(f"{what} would have to be asked for", hint=hint)
