#!/usr/bin/env bash
# Makes a Debian machine ready for the workshop. Run it again whenever you like: what is there already stays as it is.
# The Vagrantfile runs it, and so does vm/verify, in two parts, since the machine that it boots has no network:
#   provision.sh packages CHECKOUT   what comes from Debian; apt checks the signatures
#   provision.sh [all] [CHECKOUT]    that too, then builds (Maven checks the checksums), and has the doctor look
set -euo pipefail

what=${1:-all}
checkout=$(cd "${2:-$(dirname "$0")/..}" && pwd)
[[ $EUID == 0 ]] || {
  echo "provision.sh: it installs packages, and needs root: sudo $0" >&2
  exit 1
}
export DEBIAN_FRONTEND=noninteractive

packages=(
  default-jdk-headless         # to build and run
  busybox-static debootstrap   # for ./lab rootfs
  git sudo bash-completion less
  procps psmisc strace file man-db
  gcc libc6-dev                # for the tests: constants are compared with the headers
)
missing=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for package in "${packages[@]}"; do
  [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == "install ok installed" ]] || missing+=("$package")
done
if ((${#missing[@]})); then
  echo "Installing ${missing[*]} ..."
  apt-get -qq update
  apt-get -qq install -y --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null 2>"$log" || {
    cat "$log" >&2
    exit 1
  }
else
  echo "Packages: all ${#packages[@]} are there."
fi
[[ $what == all ]] || exit 0

owner=$(stat -c %U "$checkout")
as_owner() {
  if [[ $owner == root ]]; then "$@"; else runuser -u "$owner" -- env HOME="$(getent passwd "$owner" | cut -d: -f6)" "$@"; fi
}
cd "$checkout"
as_owner ./lab build
[[ -d ${LAB_HOME:-/var/lib/lab}/rootfs ]] || ./lab rootfs
./lab doctor
