"""The names of protocols, ports and flags, for people beside the numbers (IANA's registries)."""

from __future__ import annotations

from typing import Any

PROTOCOLS = {
    1: "icmp", 2: "igmp", 4: "ipip", 6: "tcp", 17: "udp", 33: "dccp", 41: "ipv6", 46: "rsvp", 47: "gre", 50: "esp",
    51: "ah", 58: "ipv6-icmp", 88: "eigrp", 89: "ospf", 103: "pim", 112: "vrrp", 115: "l2tp", 132: "sctp",
    136: "udplite",
}  # fmt: skip
PORTS = {
    7: "echo", 20: "ftp-data", 21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 43: "whois", 49: "tacacs", 53: "dns",
    67: "dhcp", 68: "dhcp", 69: "tftp", 80: "http", 88: "kerberos", 110: "pop3", 111: "rpc", 119: "nntp", 123: "ntp",
    135: "msrpc", 137: "netbios", 138: "netbios", 139: "netbios", 143: "imap", 161: "snmp", 162: "trap", 179: "bgp",
    389: "ldap", 427: "slp", 443: "https", 445: "smb", 465: "smtps", 500: "ike", 514: "syslog", 515: "lpd", 520: "rip",
    546: "dhcpv6", 547: "dhcpv6", 554: "rtsp", 587: "submission", 623: "ipmi", 631: "ipp", 636: "ldaps", 646: "ldp",
    830: "netconf", 853: "dns-tls", 873: "rsync", 989: "ftps", 990: "ftps", 993: "imaps", 995: "pop3s", 1080: "socks",
    1194: "openvpn", 1433: "mssql", 1521: "oracle", 1645: "radius", 1646: "radius", 1701: "l2tp", 1723: "pptp",
    1812: "radius", 1813: "radius", 1883: "mqtt", 1900: "ssdp", 2049: "nfs", 2055: "netflow", 3128: "proxy",
    3260: "iscsi", 3268: "ldap-gc", 3306: "mysql", 3389: "rdp", 3478: "stun", 3784: "bfd", 4500: "ipsec-nat",
    4739: "ipfix", 4789: "vxlan", 5060: "sip", 5061: "sips", 5201: "iperf3", 5222: "xmpp",
    5353: "mdns", 5355: "llmnr", 5432: "postgresql", 5671: "amqps", 5672: "amqp", 5900: "vnc", 6343: "sflow",
    6379: "redis",
    6443: "kubernetes", 6514: "syslog-tls", 6667: "irc", 8080: "http-alt", 8443: "https-alt", 8883: "mqtts",
    9092: "kafka",
    9100: "jetdirect", 9200: "elasticsearch", 9418: "git", 11211: "memcached", 27017: "mongodb", 51820: "wireguard",
}  # fmt: skip
ETHER_TYPES = {2048: "IPv4", 2054: "ARP", 34525: "IPv6", 33024: "VLAN", 34887: "MPLS", 34888: "MPLS", 35020: "LLDP"}
TCP_FLAGS = ((1, "FIN"), (2, "SYN"), (4, "RST"), (8, "PSH"), (16, "ACK"), (32, "URG"), (64, "ECE"), (128, "CWR"))
_TABLES = {
    "proto": PROTOCOLS,
    "src_port": PORTS,
    "dst_port": PORTS,
    "post_nat_src_port": PORTS,
    "post_nat_dst_port": PORTS,
    "service_port": PORTS,
    "etype": ETHER_TYPES,
    "direction": {0: "in", 1: "out"},
}


def told(field: str, value: Any) -> Any:
    """A field's value for people: its name stands beside the number."""
    if field == "tcp_flags" and isinstance(value, int):
        flags = "+".join(name for bit, name in TCP_FLAGS if value & bit)
        return f"{value} ({flags})" if flags else value
    name = _TABLES.get(field, {}).get(value) if isinstance(value, int) else None
    return value if name is None else f"{value} ({name})"


def label(fields: tuple[str, ...], values: tuple[Any, ...]) -> str:
    """A group's name for a chart: its values side by side."""
    return " · ".join(
        "(none)" if value is None else str(told(field, value)) for field, value in zip(fields, values, strict=True)
    )
