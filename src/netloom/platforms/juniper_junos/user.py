"""Who is logged in, and the accounts."""

from __future__ import annotations

from netloom.model.user import UserState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_users
from netloom.platforms.juniper_junos.outputs import Forms

READ = (
    Read("show system users | display xml | no-more", rpc="<get-system-users-information/>"),
    Read(
        "show configuration | display xml | no-more",
        rpc="<get-configuration database='committed'><configuration><system><login/></system></configuration>"
        "</get-configuration>",
    ),
)

_FORMS: Forms[UserState] = Forms(
    {
        "system-users-information": show_users.sessions,
        "configuration": show_users.accounts,
    },
    show_users.SCREENS,
)


def observed(*outputs: str) -> list[UserState]:
    """`show system users`, and the accounts of a configuration in XML."""
    return _FORMS.observed(outputs)
