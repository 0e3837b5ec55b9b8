"""The same small switch in the words of four vendors, for the traps that plans must not step into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """One vendor's switch."""

    running: str
    port: str
    """Routes: two addresses (10.0.0.1/24 and 10.0.1.1/24), the list OLD on its way in."""
    trunk: str
    """Allows the VLANs 10, 20 and 30."""
    remark: tuple[str, str] = ("", "")
    """A remark and its rule, where the system has remarks: what the list OLD says first."""


EOS = """! device: leaf1 (vEOS, EOS-4.28.0F)
hostname leaf1
vlan 10,20,30
vrf instance RED
ntp server 10.0.0.123
ntp server 10.0.0.124
ip access-list OLD
   10 remark why
   20 permit tcp any any eq ssh
   30 deny ip any any
interface Ethernet1
   no switchport
   ip address 10.0.0.1/24
   ip address 10.0.1.1/24 secondary
   ip access-group OLD in
interface Ethernet2
   switchport trunk allowed vlan 10,20,30
   switchport mode trunk
router bgp 65001
   router-id 10.0.0.1
"""

IOS = """version 17.3
hostname leaf1
vrf definition RED
 !
 address-family ipv4
 exit-address-family
!
vlan 10,20,30
!
interface GigabitEthernet1/0/1
 no switchport
 ip address 10.0.1.1 255.255.255.0 secondary
 ip address 10.0.0.1 255.255.255.0
 ip access-group OLD in
!
interface GigabitEthernet1/0/2
 switchport trunk allowed vlan 10,20,30
 switchport mode trunk
!
router bgp 65001
 bgp router-id 10.0.0.1
 bgp log-neighbor-changes
!
ip access-list extended OLD
 10 remark why
 20 permit tcp any any eq 22
 30 deny   ip any any
!
ntp server 10.0.0.123
ntp server 10.0.0.124
end
"""

NEXUS = """version 9.3(8)
hostname leaf1
feature bgp
ntp server 10.0.0.123 use-vrf default
ntp server 10.0.0.124 use-vrf default
ip access-list OLD
  10 remark why
  20 permit tcp any any eq 22
  30 deny ip any any
vlan 1,10,20,30
vrf context RED
interface Ethernet1/1
  no switchport
  ip access-group OLD in
  ip address 10.0.0.1/24
  ip address 10.0.1.1/24 secondary
  no shutdown
interface Ethernet1/2
  switchport mode trunk
  switchport trunk allowed vlan 10,20,30
router bgp 65001
  router-id 10.0.0.1
"""

JUNOS = """version 21.4R3;
system {
    host-name leaf1;
    ntp {
        server 10.0.0.123;
        server 10.0.0.124;
    }
}
interfaces {
    ge-0/0/1 {
        unit 0 {
            family inet {
                filter {
                    input OLD;
                }
                address 10.0.0.1/24;
                address 10.0.1.1/24;
            }
        }
    }
    ge-0/0/2 {
        unit 0 {
            family ethernet-switching {
                interface-mode trunk;
                vlan {
                    members [ 10 20 30 ];
                }
            }
        }
    }
}
routing-options {
    router-id 10.0.0.1;
    autonomous-system 65001;
}
protocols {
    bgp {
        group PEERS {
            type external;
        }
    }
}
firewall {
    family inet {
        filter OLD {
            term 20 {
                from {
                    protocol tcp;
                    destination-port ssh;
                }
                then accept;
            }
            term 30 {
                then {
                    discard;
                }
            }
        }
    }
}
routing-instances {
    RED {
        instance-type virtual-router;
    }
}
vlans {
    v10 {
        vlan-id 10;
    }
    v20 {
        vlan-id 20;
    }
    v30 {
        vlan-id 30;
    }
}
"""

DEVICES = {
    "arista_eos": Device(EOS, "Ethernet1", "Ethernet2", ("why", "10")),
    "cisco_ios": Device(IOS, "GigabitEthernet1/0/1", "GigabitEthernet1/0/2", ("why", "10")),
    "cisco_nxos": Device(NEXUS, "Ethernet1/1", "Ethernet1/2", ("why", "10")),
    "juniper_junos": Device(JUNOS, "ge-0/0/1.0", "ge-0/0/2.0"),
}
