//go:build !linux

package main

import (
	"fmt"
	"os"
)

// parent names the process that started this one.
func parent() string { return fmt.Sprint(os.Getppid()) }
