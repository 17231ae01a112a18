#!/usr/bin/env bash
# base.sh FOLDER: Debian's image as far as ours needs it: the folders that an engine mounts things on, and a few packages
# that every Debian has, copied from this machine.
set -euo pipefail

packages=(base-files coreutils dash libc-bin libc6)
# What their programs are linked with.
packages+=(libacl1 libattr1 libgmp10 libpcre2-8-0 libselinux1)

mkdir "$1/usr" "$1/dev" "$1/proc"
for folder in bin lib lib64 sbin; do
  mkdir "$1/usr/$folder"
  ln -s "usr/$folder" "$1/$folder"
done
# Files alone: folders come with them. A machine without manuals lists them all the same, and does not have them.
dpkg --listfiles "${packages[@]}" | while read -r path; do
  if [ -f "$path" ]; then echo "${path#/}"; fi
done | tar --create --directory=/ --files-from=- | tar --extract --directory="$1" --keep-directory-symlink
