#!/bin/sh
# Makes the Go code of the .proto files here. protoc comes from the system, its Go plugins from the tools module.
set -eu
cd "$(dirname "$0")"
here=$PWD
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
(cd ../../tools && GOFLAGS=-mod=readonly go build -o "$bin/" google.golang.org/protobuf/cmd/protoc-gen-go google.golang.org/grpc/cmd/protoc-gen-go-grpc)
cd ../..
PATH="$bin:$PATH" protoc --proto_path=. --go_out=. --go_opt=paths=source_relative \
	--go-grpc_out=. --go-grpc_opt=paths=source_relative "${here#"$PWD"/}"/*.proto
