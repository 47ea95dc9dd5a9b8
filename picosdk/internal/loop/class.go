package loop

import "github.com/scopelog/scopelog/driver"

// Statuses of a unit that is no longer there.
const (
	statusNotResponding = 0x07
	statusInvalidHandle = 0x0c
)

// errorClass is the default of [Common].ErrorClass.
func errorClass(r Result) uint32 {
	switch {
	case r.Reason.Wished():
		return 0
	case r.Reason == ReasonPower, r.Reason == ReasonFailed && (r.Status == statusNotResponding || r.Status == statusInvalidHandle):
		return uint32(driver.KindDeviceGone)
	}
	return uint32(driver.KindTransient)
}
