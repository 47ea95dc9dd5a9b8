//go:build !linux

package host

func cpuWait(int) CPUWait { return nil }
