package host

import (
	"bytes"
	"os"
	"strconv"
)

// isRunning tells whether the process with this number and start time runs. A number alone says nothing: numbers are
// used again.
func isRunning(pid int, startTime uint64) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return !os.IsNotExist(err)
	}
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:]) // the name before it may hold anything
	if len(fields) < 20 {
		return true
	}
	return string(fields[0]) != "Z" && string(fields[19]) == strconv.FormatUint(startTime, 10)
}
