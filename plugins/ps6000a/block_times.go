package main

import (
	"fmt"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
	"github.com/scopelog/scopelog/plugins/ps6000a/internal/capi"
)

// mostInfos is how many segments one call tells of.
const mostInfos = 4096

func (u *unit) TriggerTimes(first, last int64) ([]scope.TriggerTime, error) {
	if first < 0 || last < first {
		return nil, fmt.Errorf("triggers of segments %d to %d: no such range", first, last)
	}
	var list []scope.TriggerTime
	for ; first <= last; first += mostInfos {
		infos := make([]capi.TriggerInfo, min(last-first+1, mostInfos))
		if err := failure("GetTriggerInfo", u.api.GetTriggerInfo(u.handle, infos, uint64(first))); err != nil {
			return nil, err
		}
		for i, info := range infos {
			flags := picosdk.Status(info.Status)
			t := scope.TriggerTime{
				Counter: info.TimeStampCounter, Counted: native.Counted(flags, first+int64(i) == u.leading), Missed: signed(info.MissedTriggers),
			}
			if !native.TimeUnknown(flags) {
				fs, err := native.FemtosecondsOf(info.TriggerTime, info.TimeUnits)
				if err != nil {
					return nil, err
				}
				t.OffsetFS, t.Timed = fs, true
			}
			list = append(list, t)
		}
	}
	return list, nil
}
