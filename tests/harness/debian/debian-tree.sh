# Sourced by the scripts that make a Debian tree: which Debian, from where, and without what no test reads.

# Newer than the host's: its kernel and its engine are nearer to what Docker Desktop brings.
suite=trixie

# The mirrors this host's apt knows, so that the rig works wherever `apt-get install` does.
repositories=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages')
mirror=${MOUNTBAR_DEBIAN_MIRROR:-$(grep -v security <<< "$repositories" | grep -m 1 debian)}
security=${MOUNTBAR_DEBIAN_SECURITY_MIRROR:-$(grep -m 1 security <<< "$repositories")}

# debian_tree TARGET PACKAGE,… [more mmdebstrap options]; TARGET is a folder or a .tar
debian_tree() {
  local target=$1 packages=$2
  shift 2
  mmdebstrap --mode=root --variant=essential --components=main --include="$packages" \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Retries "3"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/i18n/*' \
    "$@" \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/var/cache/debconf/*-old' \
    "$suite" "$target" \
    "deb $mirror $suite main" "deb $mirror $suite-updates main" "deb $security $suite-security main"
}
