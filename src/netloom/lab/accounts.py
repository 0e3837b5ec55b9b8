"""The users of a node, beside the machine's system accounts. Pure."""

from __future__ import annotations

from dataclasses import dataclass

USER = "netops"
"""Who changes nodes."""
PASSWORD = "admin"  # noqa: S105 - a lab's password, published in its inventory
PASSWORD_HASH = "$5$rounds=1000$netloomlab$oK2td6qby8kXcDr8Q9P4P/AyeeM50uuiIIJn2Kh8NI5"  # noqa: S105 - of the above
"""crypt(3), SHA-256 with the fewest rounds, for a login costs the routers' processor time."""


@dataclass(frozen=True, slots=True)
class _User:
    name: str
    shell: str
    root: bool = False
    groups: tuple[str, ...] = ()


def account_files(kind: str, passwd: str, group: str) -> dict[str, str]:
    """/etc/passwd, group and shadow of a node, from the machine's own passwd and group."""
    users = _users(kind)
    names = {user.name for user in users}
    people = [line for line in passwd.splitlines() if line.count(":") == 6 and line.split(":")[0] not in names]
    groups = [line for line in group.splitlines() if line.count(":") == 3 and line.split(":")[0] not in names]
    taken = {int(line.split(":")[2]) for line in (*people, *groups)}
    free = iter(number for number in range(3000, 60000) if number not in taken)
    shadow = [
        f"{line.split(':')[0]}:{PASSWORD_HASH if line.startswith('root:') else '*'}:19000:0:99999:7:::"
        for line in people
    ]
    for user in users:
        number = 0 if user.root else next(free)
        home = "/root" if user.root else f"/var/home/{user.name}"
        people.append(f"{user.name}:x:{number}:{number}::{home}:{user.shell}")
        shadow.append(f"{user.name}:{PASSWORD_HASH}:19000:0:99999:7:::")
        if not user.root:
            groups = [_joined(line, user) for line in groups]
            groups.append(f"{user.name}:x:{number}:")
    return {
        "/etc/passwd": "\n".join(people) + "\n",
        "/etc/group": "\n".join(groups) + "\n",
        "/etc/shadow": "\n".join(shadow) + "\n",
    }


def _users(kind: str) -> tuple[_User, ...]:
    if kind == "frr":
        router = ("frr", "frrvty")
        return (
            _User("netops", "/usr/bin/vtysh", groups=router),
            _User("netshell", "/bin/bash", groups=router),
            _User("oper", "/etc/frr/ro-shell", groups=router),
        )
    # A host is changed with `ip`, which needs root: its netops is root under another name.
    return (
        _User("netops", "/bin/bash", root=True),
        _User("netshell", "/bin/bash", root=True),
        _User("oper", "/bin/bash"),
    )


def _joined(line: str, user: _User) -> str:
    name, password, number, members = line.split(":")
    if name not in user.groups:
        return line
    return f"{name}:{password}:{number}:{','.join([*filter(None, members.split(',')), user.name])}"
