"""Firewall filters."""

from __future__ import annotations

from netloom.model.acl import AclState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_firewall
from netloom.platforms.juniper_junos.outputs import Forms

READ = Read("show firewall | display xml | no-more", rpc="<get-firewall-information/>")

_FORMS: Forms[AclState] = Forms({"firewall-information": show_firewall.acls}, show_firewall.SCREENS)


def observed(*outputs: str) -> list[AclState]:
    """`show firewall`: the counters of filters."""
    return _FORMS.observed(outputs)
