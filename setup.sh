#!/bin/sh
# Makes the virtual environment and, as root on Debian or Ubuntu, installs the system packages that the lab needs.
# usage: setup.sh VENV
set -eu
venv=$1
python=${PYTHON:-python3}
packages="frr frr-snmp frr-pythontools lldpd snmpd snmp openssh-server openssh-client inetutils-telnetd softflowd nftables
  iproute2 iputils-ping ethtool uidmap rsyslog util-linux procps systemd inetutils-traceroute graphviz python3-venv
  netconfd netconfd-module-ietf-interfaces netconfd-module-ietf-system openvswitch-switch iperf3"

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
  for package in $packages; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing="$missing $package"
  done
fi
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing system packages:$missing"
    log=$(mktemp)
    # Daemons are started by the lab, in namespaces of its own, never by the packages.
    policy=/usr/sbin/policy-rc.d
    made_policy=""
    if [ ! -e "$policy" ]; then
      printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod 755 "$policy" && made_policy=yes
    fi
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
      tail -n 20 "$log" >&2
      echo "some system packages could not be installed; the lab says what it misses (netloom lab doctor)" >&2
    fi
    [ -z "$made_policy" ] || rm -f "$policy"
    rm -f "$log"
  else
    echo "missing for the lab (install as root: apt-get install$missing)" >&2
  fi
fi

# Debian lets group adm alone run lldpcli, which lldpd needs to start; a lab without root takes a copy of its own.
copy=${XDG_CACHE_HOME:-$HOME/.cache}/netloom/lldpd
if [ "$(id -u)" != 0 ] && [ -e /usr/sbin/lldpcli ] && [ ! -r /usr/sbin/lldpcli ] && [ ! -e "$copy" ]; then
  folder=$(mktemp -d)
  if (cd "$folder" && apt-get download lldpd >/dev/null 2>&1); then
    mkdir -p "$copy" && dpkg-deb -x "$folder"/lldpd_*.deb "$copy"
  fi
  rm -rf "$folder"
fi

if [ ! -x "$venv/bin/python" ]; then
  echo "making the virtual environment in $venv"
  "$python" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --editable .
