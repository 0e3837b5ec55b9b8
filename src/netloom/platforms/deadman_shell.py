"""The dead-man timer's shell code, for dash, bash and BusyBox; `deadman` fills in the names between @ signs."""

PRELUDE = r"""
PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
LC_ALL=C; export PATH LC_ALL; umask 077
T=@TOKEN@; H=@HOME@; B=$H/netloom-$(id -u); D=$B/$T
uptime_s() { IFS=' .' read -r up rest </proc/uptime; echo "$up"; }
# A process id may be used again: the command line tells.
alive() { [ -n "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -q "/$2/work "; }
running() { alive "$(cat "$1/pid" 2>/dev/null)" "${1##*/}"; }
# Looked for in the order in which states follow each other, so that a change in between is still seen.
state() {
  for again in 1 2 3; do
    for s in armed reverting confirmed reverted failed; do [ -e "$D/$s" ] && { echo $s; return; }; done
  done
  echo none
}
same_boot() { [ "$(cat "$D/boot" 2>/dev/null)" = "$(cat /proc/sys/kernel/random/boot_id)" ]; }
nap() { sleep 0.1 2>/dev/null || sleep 1; }
answer() { echo "netloom-guard $1 ${2:--} $3"; }
report() {
  s=$(state); left=-; detail=$(cat "$D/detail" 2>/dev/null | tr '\n' ' ')
  case $s in
  armed)
    left=$(($(cat "$D/deadline") - $(uptime_s))); [ $left -lt 0 ] && left=0
    if ! same_boot; then s=none; left=-; detail="the device started anew while the timer ran"
    elif ! running "$D"; then s=failed; left=-; detail="the timer's process is gone"; fi ;;
  reverting)
    if ! running "$D"; then
      sleep 1
      if [ -e "$D/reverting" ] && ! running "$D"; then s=failed; detail="the process that reverted is gone"
      else s=$(state); detail=$(cat "$D/detail" 2>/dev/null | tr '\n' ' '); fi
    fi ;;
  esac
  answer $s $left "$detail"
}
release() { case "$(readlink "$B/active" 2>/dev/null)" in "$T/"*) rm -f "$B/active";; esac; }
launch() {
  if command -v setsid >/dev/null; then setsid sh "$D/work" "$D" "$@" </dev/null >/dev/null 2>&1 9<&- &
  else nohup sh "$D/work" "$D" "$@" </dev/null >/dev/null 2>&1 9<&- & fi
}
"""

ARM = r"""
fail() { [ "$1" = keep ] || rm -rf "$D"; answer failed - "$2"; exit 0; }
lock() {
  L=$H/netloom.lock; (set -C; umask 022; : >"$L") 2>/dev/null
  if command -v flock >/dev/null; then exec 9<"$L"; flock -w 10 9; return; fi
  i=0
  until mkdir "$L.d" 2>/dev/null; do i=$((i + 1)); [ $i -ge 10 ] && return 1; sleep 1; done
  trap 'rmdir "$L.d"' EXIT
}
lock || fail keep "another timer is being armed"
mkdir -m 711 "$B" 2>/dev/null
{ [ -d "$B" ] && [ ! -L "$B" ] && [ -O "$B" ]; } || fail keep "$B belongs to somebody else"
for d in "$B"/*/; do
  d=${d%/}; [ -d "$d" ] || continue
  if [ -e "$d/armed" ] || [ -e "$d/reverting" ]; then
    running "$d" && fail keep "another timer is armed: ${d##*/}"
    [ "$d" = "$D" ] || rm -rf "$d"
  elif [ "$d" != "$D" ] && { [ ! -e "$d/failed" ] || [ -n "$(find "$d/failed" -mmin +1440)" ]; }; then rm -rf "$d"; fi
done
for a in "$H"/netloom-*/active; do
  t=$(readlink "$a") || continue
  alive "${t#*/}" "${t%/*}" && fail keep "another account's timer is armed: ${t%/*}"
done
mkdir -m 700 "$D" || fail keep "the token $T was used before"
@FILES@
cat /proc/sys/kernel/random/boot_id >"$D/boot"
sh "$D/work" "$D" check >"$D/detail" 2>&1 || fail drop "$(tail -n 3 "$D/detail" | tr '\n' ' ')"
: >"$D/detail"
echo $(($(uptime_s) + 1 + @SECONDS@)) >"$D/deadline"
: >"$D/armed"
launch timer
i=0
until running "$D"; do i=$((i + 1)); [ $i -ge 50 ] && fail drop "the timer did not start"; nap; done
ln -s "$T/$(cat "$D/pid")" "$B/active.$T" && mv -f "$B/active.$T" "$B/active"
report
"""

CONFIRM = r"""
if mv "$D/armed" "$D/confirmed" 2>/dev/null; then
  cd "$D" && rm -f snapshot predicted restore want wished now extra missing clean
  release
fi
report
"""

REVERT = r"""
case $(state) in none | confirmed) report; return ;; esac
same_boot || { report; return; }
launch revert $$
end=$(($(uptime_s) + @PATIENCE@ + 30))
until [ -e "$D/done.$$" ] && [ ! -e "$D/reverting" ] || [ "$(uptime_s)" -gt $end ]; do nap; done
report
"""

STATUS = r"""
report
"""

WORK = r"""#!/bin/sh
# netloom: the dead-man timer of a configuration change. It ends by itself.
D=$1; B=${D%/*}; T=${D##*/}; cd "$D" || exit 1
LC_ALL=C; export LC_ALL; umask 077
limited() { if command -v timeout >/dev/null; then timeout 20 "$@"; else "$@"; fi; }
uptime_s() { IFS=' .' read -r up rest </proc/uptime; echo "$up"; }
release() { case "$(readlink "$B/active" 2>/dev/null)" in "$T/"*) rm -f "$B/active";; esac; }
@FUNCTIONS@
restarted() { [ "$(epoch 2>/dev/null)" != "$(cat epoch)" ]; }
# True when the system is as the snapshot says. Lines that neither the snapshot nor the change knows are somebody
# else's: they stay, and so do lines somebody else removed, unless a daemon lost them by starting anew.
judge() {
  show 2>/dev/null | canonical >now
  comm -13 want now >extra; comm -23 want now >missing
  foreign=0
  [ -s extra ] || [ -s missing ] || return 0
  [ -s wished ] || return 1
  [ -z "$(comm -12 extra wished)" ] && [ -z "$(comm -13 wished missing)" ] || return 1
  [ -s missing ] && restarted && return 1
  foreign=1
}
# The last resort would take somebody else's lines away.
others() { [ -s wished ] && [ -n "$(comm -23 extra wished)" ]; }
# Twice: what was still on its way to the device when the revert began may have come in between.
settled() { judge && sleep 1 && judge; }
finish() { echo "$2" >detail; release; mv reverting "$1"; [ -z "$mine" ] || : >"done.$mine"; linger "$1"; }
# A controller that slept may still send the rest of its lines: for a while they, and nothing else, are undone again.
linger() {
  [ "$1" = reverted ] && [ -z "$mine" ] && [ -s wished ] || exit 0
  awake=$(($(uptime_s) + @LINGER@))
  while [ "$(uptime_s)" -lt $awake ]; do
    sleep 2; [ -e reverted ] || exit 0
    judge
    [ -z "$(comm -12 extra wished)" ] && [ -z "$(comm -13 wished missing)" ] && continue
    mv reverted reverting 2>/dev/null && return
  done
  exit 0
}
case $2 in
check)
  canonical <snapshot >want; canonical <predicted >wished
  [ -s want ] || { echo "the snapshot is empty"; exit 1; }
  epoch >epoch 2>/dev/null
  show 2>error | canonical >now
  cmp -s want now && exit 0
  [ -s now ] || { echo "the running configuration cannot be read: $(cat error)"; exit 1; }
  echo "the running configuration is not the snapshot: $(comm -3 want now | wc -l) lines differ"; exit 1 ;;
timer)
  mine=
  trap '' HUP
  echo $$ >pid
  while [ -e armed ] && [ $(($(cat deadline) - $(uptime_s))) -gt 0 ]; do sleep 1; done
  mv armed reverting 2>/dev/null || exit 0
  why="the timer ran out" ;;
revert)
  mine=$3
  trap '' HUP
  mv armed reverting 2>/dev/null || mv failed reverting 2>/dev/null || mv reverted reverting 2>/dev/null ||
    { [ -e reverting ] && ! tr '\0' ' ' 2>/dev/null <"/proc/$(cat pid)/cmdline" | grep -q "/$T/work "; } ||
    { : >"done.$mine"; exit 0; }
  echo $$ >pid
  why="reverted on request" ;;
esac
end=$(($(uptime_s) + @PATIENCE@)); n=0
: >detail
while [ -e reverting ]; do
  n=$((n + 1))
  . ./restore >/dev/null 2>&1 </dev/null
  judge
  if [ -s missing ] && restarted; then merge >/dev/null 2>&1 </dev/null; fi
  if settled; then
    [ $foreign = 0 ] || why="$why; somebody else's changes stay: $(cat extra missing | wc -l) lines"
    finish reverted "$why; attempts: $n"
  fi
  if [ $n -ge 3 ] && ! others; then replace >/dev/null 2>&1 </dev/null; fi
  if [ "$(uptime_s)" -ge $end ]; then
    finish failed "$why; attempts: $n; lines too many: $(wc -l <extra), too few: $(wc -l <missing)"
  fi
  sleep 1
done
"""
