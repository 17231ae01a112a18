#!/usr/bin/env bash
# machine.sh FOLDER: a machine of its own that systemd has just started, without a container engine. It sees this one's
# files, writes to memory alone, has what is in FOLDER/files besides, and shares nothing else but the network. For root,
# in namespaces of its own: unshare --pid --mount --uts --ipc --cgroup --fork --kill-child bash machine.sh FOLDER
set -euo pipefail
cd "$1"

mkdir -p memory root
mount --make-rprivate /
mount -t tmpfs memory memory
mkdir memory/upper memory/work
mount -t overlay root -o "lowerdir=/,upperdir=$PWD/memory/upper,workdir=$PWD/memory/work" root
cd root

# The kernel is the real machine's: its settings are not to be written.
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup sys/fs/cgroup
mount -o remount,ro sys

for folder in dev run tmp; do mount -t tmpfs "$folder" "$folder"; done
mkdir dev/shm dev/pts
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for device in full null random tty urandom zero; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done

# Of services, it has what a fresh Debian starts before all others, and those of FOLDER.
mount -t tmpfs units etc/systemd/system
: >etc/fstab
ln -s /dev/null etc/systemd/system/systemd-journald-audit.socket
cp -r ../files/. .

mkdir run/before
pivot_root . run/before
umount --lazy /run/before
mount --make-rshared /
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=basic.target --log-target=journal-or-kmsg
