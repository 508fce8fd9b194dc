#!/bin/bash
# seed.sh ROOT ROOTFS_TAR NAME: imports the tarball as image NAME into ROOT/var/lib/docker with ROOT's own dockerd. The host's
# processor does it in seconds; the emulated one would take a minute.
set -euo pipefail
root=$1 tar=$2 name=$3
# Its own network is essential: a dockerd without a bridge removes docker0, which may be that of the host's engine.
if [ -z "${SEED_INNER:-}" ]; then
  SEED_INNER=1 exec unshare --mount --net --pid --fork --kill-child "$0" "$@"
fi
mount --make-rprivate /
mount --bind "$root" "$root" # dockerd wants / to be a mount point
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mkdir "$root/run/old"
echo '{}' > "$root/run/empty.json"
touch "$root/run/rootfs.tar"
mount --bind "$tar" "$root/run/rootfs.tar"
cd "$root"
pivot_root . run/old
export PATH=/usr/sbin:/usr/bin:/sbin:/bin DOCKER_HOST=unix:///run/seed.sock NAME=$name
exec chroot . /bin/sh -euc '
umount -l /run/old
dockerd --config-file /run/empty.json -H "$DOCKER_HOST" --iptables=false --ip6tables=false --ip-forward=false \
  --bridge=none --storage-driver=overlay2 > /run/dockerd.log 2>&1 &
dockerd=$!
tries=0
until docker version > /dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 300 ] && kill -0 $dockerd || { tail -n 20 /run/dockerd.log >&2; exit 1; }
  sleep 0.1
done
docker import --change "CMD [\"/bin/sh\"]" /run/rootfs.tar "$NAME"
kill $dockerd
wait $dockerd || true
'
