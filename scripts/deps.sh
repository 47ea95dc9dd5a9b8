#!/bin/sh
# Installs the packages of packages.txt as root; otherwise names what is missing and the one command, and fails.
set -eu
# DuckDB, which Debian does not have, opens exported Parquet files in a test.
duckdb() {
	root=$(dirname "$0")/..
	lock=$root/export/testdata/duckdb/package-lock.json
	cmp -s "$lock" "$root/build/duckdb/package-lock.json" && [ -d "$root/build/duckdb/node_modules/@duckdb/node-api" ] && return 0
	mkdir -p "$root/build/duckdb"
	rm -rf "$root/build/duckdb/node_modules"
	cp "$root/export/testdata/duckdb/package.json" "$lock" "$root/build/duckdb/"
	echo "deps: installing DuckDB from npm into build/duckdb"
	(cd "$root/build/duckdb" && npm ci --silent --no-audit --no-fund >/dev/null 2>&1) && return 0
	rm -rf "$root/build/duckdb"
	echo "deps: npm could not install DuckDB: the tests that open Parquet files with it are skipped"
}
list=$(sed -e 's/#.*//' "$(dirname "$0")/packages.txt" | tr -s ' \n' ' ')
if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: this is no Debian system; see to it that these are here: $list"
	if command -v npm >/dev/null 2>&1; then duckdb; fi
	exit 0
fi
# npm brings DuckDB, below. Debian's packages of it cannot be there beside another Node.js.
command -v npm >/dev/null 2>&1 || list="$list nodejs npm"
missing=
for p in $list; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
if [ -z "$missing" ]; then
	duckdb
	exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
	echo "deps: missing:$missing"
	echo "deps: install with: sudo apt-get install -y$missing"
	exit 1
fi
echo "deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
if ! apt-get install -y --no-install-recommends $missing >/dev/null 2>&1; then
	apt-get update >/dev/null
	apt-get install -y --no-install-recommends $missing >/dev/null
fi
duckdb
