package session

// The exit codes of the command, and of run.json.
const (
	ExitDone   = 0
	ExitOther  = 1
	ExitPlan   = 2
	ExitLoss   = 3
	ExitDevice = 4
	ExitDisk   = 5
)

// ExitCode is the exit code for an error of the class.
func (c Class) ExitCode() int {
	switch c {
	case ClassPlan:
		return ExitPlan
	case ClassDevice:
		return ExitDevice
	case ClassDisk:
		return ExitDisk
	}
	return ExitOther
}

// ExitCode is the exit code of a run that ended so. With allowGaps lost samples alone are no failure.
func (s *Summary) ExitCode(allowGaps bool) int {
	switch {
	case s.DiskFailed:
		return ExitDisk
	case s.DeviceFailed:
		return ExitDevice
	case s.Lost && !allowGaps:
		return ExitLoss
	}
	return ExitDone
}
