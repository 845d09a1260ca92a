#!/bin/sh
# image.sh ROOTFS MODELS TOKEN_FILE CLIENT: starts the image's tree as a container runtime would, with what Linux itself
# has: mounts and a network of its own, where there is nothing but loopback; a root that cannot be written to; a user
# without rights. Runs CLIENT inside, ends the server by SIGTERM and passes its exit code on. Called by `unshare -m -n`.
set -eu
root=$1 models=$2 token=$3 client=$4
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t tmpfs -o mode=1777,size=64m tmpfs "$root/tmp"
mount -t tmpfs -o mode=1777,size=256m tmpfs "$root/data"
mount -t tmpfs -o mode=755 tmpfs "$root/run/secrets"
cp "$token" "$root/run/secrets/outpost-token"
chmod 440 "$root/run/secrets/outpost-token"
mount --bind "$models" "$root/mnt/models"
mount -o remount,bind,ro "$root/mnt/models"
mount -o remount,bind,ro "$root"
ip link set lo up

user=--userspec=0:0
# Only the real root can be somebody else inside; in a user namespace of one user, that user is nobody special outside.
if [ "$(awk '{ print $3 }' /proc/self/uid_map)" -gt 10001 ]; then
  chown 10001:10001 "$root/run/secrets/outpost-token"
  user=--userspec=10001:10001
fi

env -i PATH="$PATH" NODE_ENV=production OUTPOST_DATA=/data \
  setpriv --no-new-privs chroot "$user" --groups= "$root" /usr/bin/node /opt/outpost/outpost.mjs \
  serve --bind 0.0.0.0:8501 --token-file /run/secrets/outpost-token --models=/mnt/models --model-name=iris --workers 1 --threads 1 &
server=$!
status=0
env -i PATH="$PATH" setpriv --no-new-privs chroot "$user" --groups= "$root" /usr/bin/node --input-type=module -e "$client" || status=$?
kill -TERM "$server"
wait "$server" || status=$?
exit "$status"
