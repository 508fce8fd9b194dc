#!/bin/bash
# tree.sh DIR: a newer NFS-Ganesha than the host's Debian has, unpacked into DIR and not installed. What Debian 12 has answers the
# reads of a Linux client that knows READ_PLUS with an input/output error.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../debian/debian-tree.sh"
debian_tree "$1" nfs-ganesha-vfs --variant=extract --dpkgopt='path-exclude=/usr/share/*'
