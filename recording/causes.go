package recording

// Cause says why samples are missing. The numbers are those of the captures table.
type Cause uint8

// The causes of a gap, docs/format/recording.md section 5.
const (
	CauseNone     Cause = 0  // no gap; never written in a gap
	CauseRingFull Cause = 1  // the producer found no room while the recorder was healthy
	CauseDisk     Cause = 2  // the recorder's own writing stalled or failed
	CauseCore     Cause = 3  // the recording process stalled or died
	CauseDriver   Cause = 4  // the vendor library said so
	CauseInferred Cause = 5  // concluded from the clock
	CauseUSB      Cause = 6  // the device was gone
	CausePower    Cause = 7  // the power supply changed
	CauseRestart  Cause = 8  // the driver process was started again
	CauseReboot   Cause = 9  // resumed on another boot
	CauseUnknown  Cause = 10 // none of the others
	CauseNotKept  Cause = 11 // the plan or the user; no loss
)

var causeNames = [...]string{"none", "ring_full", "disk", "core", "driver", "inferred", "usb", "power", "restart", "reboot", "unknown", "not_kept"}

// causeRank orders causes for a merged gap: the first of power, usb, reboot, core, restart, disk, driver, inferred, ring_full, unknown,
// not_kept names it.
var causeRank = [...]uint8{
	CauseNone: 255, CausePower: 0, CauseUSB: 1, CauseReboot: 2, CauseCore: 3, CauseRestart: 4, CauseDisk: 5, CauseDriver: 6,
	CauseInferred: 7, CauseRingFull: 8, CauseUnknown: 9, CauseNotKept: 10,
}

// String returns the name used in files; an undefined number is "unknown".
func (c Cause) String() string {
	if int(c) < len(causeNames) {
		return causeNames[c]
	}
	return "unknown"
}

// Valid reports whether c may stand in a gap.
func (c Cause) Valid() bool { return c >= CauseRingFull && c <= CauseNotKept }

// Loss reports whether missing samples of this cause count as lost. Only not_kept does not.
func (c Cause) Loss() bool { return c != CauseNotKept && c != CauseNone }

// MergeCauses returns the cause of a gap in which both meet.
func MergeCauses(a, b Cause) Cause {
	if rankOf(b) < rankOf(a) {
		return b
	}
	return a
}

func rankOf(c Cause) uint8 {
	if int(c) < len(causeRank) {
		return causeRank[c]
	}
	return causeRank[CauseUnknown]
}

// ParseCause returns the cause of that name. A name that this version does not know is [CauseUnknown], so that a file of a later minor version
// stays readable.
func ParseCause(s string) Cause {
	for i, n := range causeNames {
		if n == s && Cause(i) != CauseNone {
			return Cause(i)
		}
	}
	return CauseUnknown
}

// MarshalText returns the name used in files.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText is [ParseCause].
func (c *Cause) UnmarshalText(b []byte) error {
	*c = ParseCause(string(b))
	return nil
}
