"""A Linux host's running configuration, a text of our own: one `ip` command a fact.

Defaults are left out, and so is what the kernel, DHCP and routing daemons do:

`link set dev eth1 mtu 9000`, `link set dev eth1 down`, `link set dev eth1 alias to leaf1`,
`address add 10.1.1.10/24 dev eth1`, `route add 10.0.0.0/8 via 10.1.1.1`.
"""

from __future__ import annotations

from netloom.platforms.contract import Read

_LINKS = r"""
/^L / { name = $3; sub(/:$/, "", name); sub(/@.*/, "", name); set = "link set dev " name " ";
  for (i = 4; i < NF; i++) if ($i == "mtu") { mtu = $(i + 1); break }
  if (mtu != (name == "lo" ? 65536 : 1500)) print set "mtu " mtu;
  if ($4 !~ /[<,]UP[,>]/) print set "down";
  at = index($0, "\\    alias "); if (at) print set "alias " substr($0, at + 11); next }
"""

_ADDRESSES = r"""
/^A / { if ($0 ~ / scope (link|host) / || $0 ~ / (dynamic|temporary|mngtmpaddr) /) next;
  name = $3; sub(/@.*/, "", name);
  print "address add " $5 ($6 == "peer" ? " peer " $7 : "") " dev " name; next }
"""

_ROUTES = r"""
/^[46] / { v6 = $1 == "6"; at = 2; type = via = dev = metric = rest = "";
  if ($2 ~ /^(local|broadcast|anycast|multicast)$/) next;
  if ($2 ~ /^(blackhole|unreachable|prohibit|throw)$/) { type = $2 " "; at = 3 }
  prefix = $at; if (prefix == "default") prefix = v6 ? "::/0" : "0.0.0.0/0";
  if (prefix !~ /\//) prefix = prefix (v6 ? "/128" : "/32");
  hops = 0;
  for (i = at + 1; i <= NF; i++) { word = $i; sub(/\\$/, "", word);
    if (word ~ /^(\\?|dead|linkdown|offload|rt_offload|trap|rt_trap|offload_failed)$/) continue;
    if (word == "nexthop") hops = 1;
    if (hops) rest = rest " " word;
    else if (word == "proto") { i++; if ($i != "static" && $i != "boot") next }
    else if (word == "via") { i++; via = " via " $i; if ($i ~ /^inet6?$/) { i++; via = via " " $i } }
    else if (word == "dev") { i++; dev = " dev " $i }
    else if (word == "metric") { i++; metric = $i; sub(/\\$/, "", metric) }
    else if (word == "scope" || word == "pref" || word == "error") i++;
    else rest = rest " " word }
  if (type != "" || (via != "" && via !~ / via (inet6 )?fe[89ab]/ && rest !~ / onlink/)) dev = "";
  if (metric == (v6 ? 1024 : 0)) metric = "";
  print "route add " type prefix via dev (metric == "" ? "" : " metric " metric) rest }
"""

_TAGGED = (
    ("L", "link show"),
    ("A", "address show"),
    ("4", "-4 route show table main"),
    ("6", "-6 route show table main"),
)


def _one_line(program: str) -> str:
    return " ".join(program.split())


# One line, for shells behind a prompt. Runs of blanks matter in one place only: before `alias`, in ip's own output.
_AWK = _one_line(_LINKS + _ADDRESSES + _ROUTES).replace(r'"\\ alias "', r'"\\    alias "')
READ = Read(
    "{ "
    + " ".join(f"ip -o {command} 2>/dev/null | sed 's/^/{tag} /';" for tag, command in _TAGGED)
    + f" }} | awk '{_AWK}'"
)
"""IPv6 may be off, which leaves its part empty."""
