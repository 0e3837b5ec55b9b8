#!/bin/sh
# The first process of a lab's node, in namespaces of its own: node-init.sh NAME FOLDER
# The file system is the machine's, read-only; /etc /var /run /tmp /dev are the node's. No image, no overlay, and the
# same for root and for a user namespace. Standard output is the keeper's pipe: it hears when the node is up.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec 3>&1 1>&2
name=$1 folder=$2 own=/run/.node template=/run/netloom/etc
umask 022
hostname "$name"
mount -t tmpfs -o mode=755,size=64m tmpfs /mnt
mkdir -p /mnt/.node/dev /mnt/.node/var /mnt/lab
cp -a "$template" /mnt/.node/etc
[ -e /run/netloom/lldpcli ] && cp /run/netloom/lldpcli /mnt/.node/lldpcli
mount --bind "$folder" /mnt/lab
while IFS='	' read -r source target mode; do
  [ -n "$source" ] || continue
  mkdir -p /mnt/.node/binds; at=/mnt/.node/binds/$(echo "$target" | tr / _)
  if [ -d "$source" ]; then mkdir -p "$at"; else : > "$at"; fi
  mount --bind "$source" "$at" || exit 1
  [ "$mode" = ro ] && { mount -o remount,bind,ro "$at" || mount -o remount,bind,ro,nosuid,nodev "$at"; }
done < "$folder/binds"
mount -n --move /mnt /run
mount --bind $own/etc /etc
cd $own/var && mkdir -p log/frr lib/snmp agentx tmp cache spool/rsyslog empty home
ln -s /run run; ln -s /run/lock lock; chmod 1777 tmp; chmod 777 agentx; cd /
chown frr:frr $own/var/log/frr 2>/dev/null
mount --bind $own/var /var
mkdir $own/dev/pts $own/dev/shm $own/dev/net
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts $own/dev/pts
ln -s pts/ptmx $own/dev/ptmx; ln -s /proc/self/fd $own/dev/fd
for f in null zero full random urandom tty net/tun; do
  [ -e /dev/$f ] && : > $own/dev/$f && mount --bind /dev/$f $own/dev/$f
done
mount --rbind $own/dev /dev
mkdir -p /run/frr /run/sshd /run/lldpd /run/lock /run/softflowd/chroot/etc /run/log
cp -r "/run/lab/files/." / && chown -R frr:frr /etc/frr 2>/dev/null
chgrp frrvty /etc/frr/vtysh.conf 2>/dev/null
chown frr:frr /run/frr 2>/dev/null; chown _lldpd:_lldpd /run/lldpd 2>/dev/null
cp /etc/protocols /run/softflowd/chroot/etc/ 2>/dev/null
chmod 640 /etc/shadow; chmod 600 /etc/ssh/ssh_host_* 2>/dev/null
for u in netops netshell oper; do
  mkdir -p /var/home/$u; chmod 700 /var/home/$u; chown $u: /var/home/$u
done 2>/dev/null
[ -e $own/lldpcli ] && mount --bind $own/lldpcli /usr/sbin/lldpcli
mount -t tmpfs -o mode=1777,size=64m tmpfs /tmp
mount -t tmpfs -o mode=700,size=8m tmpfs /root
for d in /home /mnt; do [ -d $d ] && mount -t tmpfs -o ro,size=4k tmpfs $d; done
while IFS='	' read -r source target mode; do
  [ -n "$source" ] || continue
  at=$own/binds/$(echo "$target" | tr / _)
  if [ -d "$at" ]; then mkdir -p "$target"; else mkdir -p "$(dirname "$target")"; [ -e "$target" ] || : > "$target"; fi
  mount --bind "$at" "$target"
done < /run/lab/binds
mount -o remount,bind,ro / 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev,relatime / || exit 1
sh /run/lab/start.sh > /run/lab/start.log 2>&1 3>&-
echo "$name $?" >&3
exec 3>&-
trap : TERM
while :; do sleep 86400 & wait $!; done
