package recording

import "golang.org/x/sys/unix"

// lowerDiskPriority lets the calling thread read from the disk only when nobody else wants it. Where the system's scheduler knows no priorities it
// changes nothing. The processor's priority stays: a goroutine that has to wait for the processor would hold up those of the whole program.
func lowerDiskPriority() {
	const whoProcess, classIdle, classShift = 1, 3, 13
	_, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, whoProcess, 0, classIdle<<classShift)
}
