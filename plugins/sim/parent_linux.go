package main

import (
	"bytes"
	"fmt"
	"os"
)

// parent names the process that started this one, by number and start time: it is the same for all plugin processes of
// one core.
func parent() string {
	pid := os.Getppid()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return fmt.Sprint(pid)
	}
	const startTime = 22 - 3 // fields behind the name, which may hold spaces and brackets
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) <= startTime {
		return fmt.Sprint(pid)
	}
	return fmt.Sprintf("%d-%s", pid, fields[startTime])
}
