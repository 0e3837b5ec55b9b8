"""The rules about accounts and communities: who may come in, and whether netloom still may."""

from __future__ import annotations

from collections.abc import Iterator

from netloom.intent.planned import Risk
from netloom.intent.situation import Situation
from netloom.intent.steer import words
from netloom.model.noun import Record
from netloom.model.snmp_server import SnmpServer
from netloom.model.user import User


def accounts_changed(situation: Situation) -> Iterator[Risk]:
    """Accounts go or lose rights; worse where netloom itself logs in by one, or where none is left."""
    own = situation.management.account if situation.management is not None else None
    changed = [(key, before, after) for _, key, before, after in situation.changed() if isinstance(before, User)]
    for key, before, after in changed:
        title = words("user", key)
        for does in _losses(before, after):
            if before.name == own:
                yield Risk("account_lockout", "high", f"{title} {does}: netloom itself logs in by it")
            elif "password" not in does and "key" not in does:
                yield Risk("account_removed", "medium", f"{title} {does}")
    if changed and situation.before.get("user") and not situation.after.get("user"):
        yield Risk("account_lockout", "high", "no account is left on the device")


def communities_opened(situation: Situation) -> Iterator[Risk]:
    """A community may write, or be used from everywhere; its name is a secret."""
    for noun, key, before, after in situation.changed():
        if not isinstance(before, SnmpServer) or not isinstance(after, SnmpServer):
            continue
        old = {community.key: community for community in before.communities}
        for community in after.communities:
            was = old.get(community.key)
            if was is None:
                continue
            if was.access == "ro" and community.access == "rw":
                yield Risk("access_widened", "medium", f"{words(noun, key)}: a community may write from now on")
            for name in ("acl", "ipv6_acl"):
                if getattr(was, name) is not None and getattr(community, name) is None:
                    message = f"{words(noun, key)}: a community is no longer limited by {name} {getattr(was, name)}"
                    yield Risk("filter_removed", "high", message)


def _losses(before: User, after: Record | None) -> Iterator[str]:
    if not isinstance(after, User):
        yield "is removed"
        return
    if (after.privilege or 0) < (before.privilege or 0):
        yield f"falls from privilege {before.privilege} to {after.privilege or 'the default'}"
    lost = [role for role in before.roles if role not in after.roles]
    if lost:
        yield f"loses {', '.join(lost)}"
    if before.password_hash is not None and before.password_hash != after.password_hash:
        yield "gets another password" if after.password_hash is not None else "has no password any more"
    if set(before.ssh_keys) - set(after.ssh_keys):
        yield "loses an SSH key"
