package main

import (
	"cmp"

	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
)

// TriggerTimes tells the offsets; the library has no counters.
func (u *unit) TriggerTimes(first, last int64) ([]scope.TriggerTime, error) {
	if err := cmp.Or(native.Count32("a first segment", first), native.Count32("a last segment", last)); err != nil {
		return nil, err
	}
	times, timeUnits, s := u.api.GetValuesTriggerTimeOffsetBulk64(u.handle, uint32(first), uint32(last))
	if err := failure("GetValuesTriggerTimeOffsetBulk64", s); err != nil {
		return nil, err
	}
	return native.Offsets(times, timeUnits)
}
