#!/bin/sh
# The quick gate. $1 is the go command, $2 the other systems as os/arch.
set -eu
go=$1
cross=$2
cd "$(dirname "$0")/.."
unformatted=$(gofmt -l $(git ls-files --cached --others --exclude-standard '*.go'))
if [ -n "$unformatted" ]; then
	echo "check: not formatted, run gofmt -w on:"
	echo "$unformatted"
	exit 1
fi
$go vet ./...
CGO_ENABLED=0 $go build ./...
for target in $cross; do
	echo "check: vet and build for $target without cgo"
	GOOS=${target%/*} GOARCH=${target#*/} CGO_ENABLED=0 $go vet ./...
	GOOS=${target%/*} GOARCH=${target#*/} CGO_ENABLED=0 $go build ./...
done
$go test -count=1 ./internal/imports ./configs >/dev/null || $go test ./internal/imports ./configs
for plan in configs/*.hcl; do
	bin/logger validate "$plan" >/dev/null || { echo "check: $plan is not valid"; bin/logger validate "$plan"; exit 1; }
done
echo "check: passed"
