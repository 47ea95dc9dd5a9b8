//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "chaos: not supported on this system yet: recording needs Linux")
	os.Exit(1)
}
