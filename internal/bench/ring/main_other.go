//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "ring: not supported on this system yet: it measures rings in shared memory, which need Linux")
	os.Exit(1)
}
