#!/bin/bash
# build.sh OUT.tar NODE: the root of the image the tests' containers start from. No image can be pulled where the tests run, so
# this one stands where Amazon Linux stands in production: what the bridge's Dockerfile expects of its base, and no more.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../debian/debian-tree.sh"
# stunnel is the tunnel of the tests, where efs-proxy stands in production; attr reads extended attributes of files.
packages=mount,nfs-common,stunnel4,ca-certificates,libstdc++6,util-linux,iproute2,attr
debian_tree "$1" "$packages" --format=tar --customize-hook="copy-in $2 /usr/local/bin"
