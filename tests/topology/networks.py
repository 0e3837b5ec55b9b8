"""Small networks for the tests, written as people think of them."""

from __future__ import annotations

from collections import defaultdict

from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.model.route import NextHop, RouteState
from netloom.topology.view import DeviceView, NetworkView


class Net:
    """Cables, addresses and routes, added one by one."""

    def __init__(self) -> None:
        self.interfaces: dict[str, dict[str, InterfaceState]] = defaultdict(dict)
        self.neighbors: dict[str, list[NeighborState]] = defaultdict(list)
        self.routes: dict[str, list[RouteState]] = defaultdict(list)
        self.roles: dict[str, str] = {}

    def port(self, device: str, name: str, *addresses: str, status: str = "up", mac: str | None = None) -> None:
        self.interfaces[device][name] = InterfaceState(name, oper_status=status, addresses=addresses, mac_address=mac)

    def cable(self, a: str, b: str, *, seen: str = "ab", status: str = "up") -> None:
        (left, left_port), (right, right_port) = a.split(":"), b.split(":")
        for device, port in ((left, left_port), (right, right_port)):
            if port not in self.interfaces[device]:
                self.port(device, port, status=status)
        if "a" in seen:
            self.neighbors[left].append(lldp(left_port, right, right_port))
        if "b" in seen:
            self.neighbors[right].append(lldp(right_port, left, left_port))

    def route(self, device: str, prefix: str, *hops: NextHop, protocol: str = "bgp") -> None:
        self.routes[device].append(RouteState(prefix, protocol, next_hops=hops))

    def view(self) -> NetworkView:
        names = sorted(self.interfaces)
        return NetworkView(
            {
                name: DeviceView(
                    name=name,
                    role=self.roles.get(name),
                    interfaces=tuple(self.interfaces[name].values()),
                    neighbors=tuple(self.neighbors[name]),
                    routes=tuple(self.routes[name]),
                )
                for name in names
            }
        )


def lldp(port: str, far: str, far_port: str) -> NeighborState:
    return NeighborState(port, far, "local", far_port, "interface-name", system_name=far)


def clos(spines: int, leaves: int) -> Net:
    net = Net()
    for leaf in range(1, leaves + 1):
        for spine in range(1, spines + 1):
            net.cable(f"spine{spine}:eth{leaf}", f"leaf{leaf}:eth{spine}")
        net.cable(f"leaf{leaf}:eth{spines + 1}", f"host{leaf}:eth1")
    net.roles = {name: name.rstrip("0123456789") for name in net.interfaces}
    return net
