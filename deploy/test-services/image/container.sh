#!/usr/bin/env bash
# container.sh ROOT VOLUME MOUNT USER:GROUP FOLDER PROGRAM…: runs a program as a container engine would that was given
# --read-only, --cap-drop=ALL and --security-opt=no-new-privileges: as that user, in FOLDER of ROOT, which nobody can
# write to but at MOUNT, where VOLUME is. For root, in namespaces of its own, of which the program is the first process:
# unshare --pid --mount --ipc --uts --fork --kill-child bash container.sh …
set -euo pipefail
root=$1 volume=$2 mount=$3 user=$4 folder=$5
shift 5

mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs dev "$root/dev"
for device in null random urandom zero; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount --bind "$volume" "$root$mount"
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$root" env --chdir="$folder" "$@"
