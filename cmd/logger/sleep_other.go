//go:build !linux

package main

import "os/exec"

// laptop is not known here.
func laptop() bool { return false }

// sleepLockCommand is not known for this system, on which nothing is recorded yet.
func sleepLockCommand() *exec.Cmd { return nil }
