//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "analysis: not supported on this system yet: it reads /proc")
	os.Exit(1)
}
