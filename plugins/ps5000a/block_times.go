package main

import (
	"cmp"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
)

// TriggerTimes tells offsets, and counters where the library has the function for them.
func (u *unit) TriggerTimes(first, last int64) ([]scope.TriggerTime, error) {
	if err := cmp.Or(native.Count32("a first segment", first), native.Count32("a last segment", last)); err != nil {
		return nil, err
	}
	if !u.api.Has("GetTriggerInfoBulk") {
		return u.triggerOffsets(first, last)
	}
	infos, s := u.api.GetTriggerInfoBulk(u.handle, uint32(first), uint32(last))
	if err := failure("GetTriggerInfoBulk", s); err != nil {
		return nil, err
	}
	list := make([]scope.TriggerTime, len(infos))
	for i, info := range infos {
		flags := picosdk.Status(info.Status)
		list[i] = scope.TriggerTime{Counter: info.TimeStampCounter, Counted: native.Counted(flags, first+int64(i) == u.leading)}
		if native.TimeUnknown(flags) {
			continue
		}
		fs, err := native.Femtoseconds(info.TriggerTime, uint32(uint16(info.TimeUnits)))
		if err != nil {
			return nil, err
		}
		list[i].OffsetFS, list[i].Timed = fs, true
	}
	return list, nil
}

// triggerOffsets is TriggerTimes of a library that has no trigger information.
func (u *unit) triggerOffsets(first, last int64) ([]scope.TriggerTime, error) {
	times, timeUnits, s := u.api.GetValuesTriggerTimeOffsetBulk64(u.handle, uint32(first), uint32(last))
	if err := failure("GetValuesTriggerTimeOffsetBulk64", s); err != nil {
		return nil, err
	}
	return native.Offsets(times, timeUnits)
}
