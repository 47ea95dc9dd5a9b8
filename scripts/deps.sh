#!/bin/sh
# Installs the packages of packages.txt as root; otherwise names what is missing and the one command, and fails.
set -eu
list=$(sed -e 's/#.*//' "$(dirname "$0")/packages.txt" | tr -s ' \n' ' ')
if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: this is no Debian system; see to it that these are here: $list"
	exit 0
fi
missing=
for p in $list; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
	echo "deps: missing:$missing"
	echo "deps: install with: sudo apt-get install -y$missing"
	exit 1
fi
echo "deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 && exit 0
apt-get update >/dev/null
apt-get install -y --no-install-recommends $missing >/dev/null
