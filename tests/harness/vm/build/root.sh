#!/bin/bash
# root.sh OUT: the VM's Debian tree in OUT/root and its kernel as OUT/vmlinuz and OUT/kernel-version.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1 root=$1/root
. "$here/../../debian/debian-tree.sh"

# The kernel is only downloaded: installing it would build an initrd that is not used. The one below is 1 MB.
kernel_hook='mkdir "$1/kernel" && cd "$1/kernel" && export APT_CONFIG=$MMDEBSTRAP_APT_CONFIG &&
  apt-get -o APT::Sandbox::User=root download "$(apt-cache depends linux-image-cloud-amd64 |
    sed -n "s/.*Depends: \(linux-image-[0-9][^ ]*\)$/\1/p" | head -n 1)"'
packages=docker.io,docker-cli,mount,iptables,iproute2,kmod,busybox-static,socat,ca-certificates,dnsmasq-base
debian_tree "$root" "$packages" --format=directory --customize-hook="$kernel_hook"

dpkg -x "$root"/kernel/linux-image-*.deb "$out/kernel"
rm -r "$root/kernel"
modules=$(find "$out/kernel" -maxdepth 3 -type d -path '*/lib/modules')
version=$(ls "$modules")
cp "$out"/kernel/boot/vmlinuz-* "$out/vmlinuz"
echo "$version" > "$out/kernel-version"
mkdir -p "$root/lib/modules"
cp -a "$modules/$version" "$root/lib/modules/"
# Unpacked once here, not by the emulated processor at each load.
find "$root/lib/modules" -name '*.ko.xz' -exec xz -d {} +
# Hardware that the VM does not have.
(cd "$root/lib/modules/$version/kernel" &&
  rm -rf drivers/gpu drivers/infiniband drivers/net/ethernet sound drivers/md drivers/nvme drivers/scsi)
chroot "$root" depmod "$version"
rm -r "$out/kernel"

install -m 755 "$here/../guest/rig-init" "$root/sbin/rig-init"
install -m 755 "$here"/../guest/rig-{engine,network,proxy} "$root/usr/local/sbin/"
install -D -m 644 "$here/../guest/daemon.json" "$root/etc/docker/daemon.json"
echo rig > "$root/etc/hostname"
printf '127.0.0.1 localhost rig\n10.0.2.2 host.docker.internal gateway.docker.internal\n' > "$root/etc/hosts"
rm -f "$root/etc/resolv.conf"
echo 'nameserver 10.0.2.3' > "$root/etc/resolv.conf"
find "$root/var/log" -type f -delete
