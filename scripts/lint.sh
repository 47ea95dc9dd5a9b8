#!/bin/sh
# staticcheck, gofumpt, and generated files against their sources. Tools are pinned in tools/go.mod; protoc comes from
# the system (Debian: protobuf-compiler).
set -eu
cd "$(dirname "$0")/.."
command -v protoc >/dev/null 2>&1 || { echo "lint: protoc is missing: apt-get install protobuf-compiler"; exit 1; }
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
(cd tools && go build -o "$bin/" honnef.co/go/tools/cmd/staticcheck mvdan.cc/gofumpt)
"$bin/staticcheck" ./...
unformatted=$("$bin/gofumpt" -l $(git ls-files '*.go' | grep -v '\.pb\.go$'))
if [ -n "$unformatted" ]; then
	echo "lint: not as gofumpt would have it:"
	echo "$unformatted"
	exit 1
fi
cp -r driver/driverpb "$bin/before"
driver/driverpb/generate.sh
diff -r "$bin/before" driver/driverpb || { echo "lint: generated files were not up to date; they are now"; exit 1; }
echo "lint: passed"
