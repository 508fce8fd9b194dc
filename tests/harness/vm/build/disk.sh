#!/bin/bash
# disk.sh OUT: OUT/initrd.gz and OUT/root.ext4 from the tree in OUT/root, which is removed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1 root=$1/root
version=$(cat "$out/kernel-version")

# The kernel of Debian has no disk driver built in; the initrd loads that and ext4, in the order they need each other.
initrd=$out/initrd
mkdir -p "$initrd"/{bin,dev,proc,sys,newroot,modules}
cp "$root/bin/busybox" "$initrd/bin/"
install -m 755 "$here/../guest/initrd-init" "$initrd/init"
for module in virtio_pci virtio_blk virtio-rng ext4; do
  chroot "$root" modprobe -S "$version" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' | while read -r module; do
  cp "$root/$module" "$initrd/modules/"
  basename "$module" >> "$initrd/modules/order"
done
mknod -m 600 "$initrd/dev/console" c 5 1
(cd "$initrd" && find . | cpio --create --format=newc --quiet | gzip -1) > "$out/initrd.gz"

truncate -s 8G "$out/root.ext4" # sparse
mkfs.ext4 -q -F -L rig -m 0 -E lazy_itable_init=1,lazy_journal_init=1,nodiscard -d "$root" "$out/root.ext4"
rm -rf "$root" "$initrd"
