package recording

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// now reads CLOCK_MONOTONIC and UTC.
func now() Stamp {
	var ts unix.Timespec
	utc := time.Now().UnixNano()
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		return Stamp{UTCNS: utc}
	}
	return Stamp{MonoNS: ts.Nano(), UTCNS: utc}
}

// bootID names this boot of the machine, "" when the system does not tell.
func bootID() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
