package clock

import (
	"cmp"
	"slices"
)

// OneAxis moves the monotonic times of marks, in place, so that those of all boots of the host lie on one axis, that of the
// first boot: as far apart as UTC says, but never over each other. Boots follow each other as in the marks of each device, which
// are in the order of the recording; UTC, which may begin anew with a boot, orders only those that no device tells the order of.
// All devices' marks have to be moved at once, so that what was simultaneous stays so. Marks of a single boot stay as they are.
func OneAxis(devices ...[]Mark) {
	type span struct {
		boot       string
		mono, last int64 // first and last time of its own
		utc        int64 // at mono
	}
	var boots []span
	after := map[string][]string{} // the boots that a boot follows
	for _, marks := range devices {
		for k, m := range marks {
			if k > 0 && marks[k-1].Boot != m.Boot {
				after[m.Boot] = append(after[m.Boot], marks[k-1].Boot)
			}
			i := slices.IndexFunc(boots, func(s span) bool { return s.boot == m.Boot })
			if i < 0 {
				boots = append(boots, span{m.Boot, m.MonoNS, m.MonoNS, m.UTCNS})
				continue
			}
			s := &boots[i]
			if m.MonoNS < s.mono {
				s.mono, s.utc = m.MonoNS, m.UTCNS
			}
			s.last = max(s.last, m.MonoNS)
		}
	}
	slices.SortStableFunc(boots, func(a, b span) int { return cmp.Compare(a.utc, b.utc) })
	for i := range boots {
		waits := func(s span) bool { // a boot that it follows has no place yet
			return slices.ContainsFunc(boots[i:], func(o span) bool { return slices.Contains(after[s.boot], o.boot) })
		}
		if next := slices.IndexFunc(boots[i:], func(s span) bool { return !waits(s) }); next > 0 { // -1: they contradict each other
			s := boots[i+next]
			copy(boots[i+1:], boots[i:i+next])
			boots[i] = s
		}
	}
	shifts := map[string]int64{}
	for i, s := range boots {
		if i == 0 {
			shifts[s.boot] = 0
			continue
		}
		first, before := boots[0], boots[i-1]
		shift := first.mono + (s.utc - first.utc) - s.mono
		shifts[s.boot] = max(shift, before.last+shifts[before.boot]+1-s.mono)
	}
	for _, marks := range devices {
		for i := range marks {
			marks[i].MonoNS += shifts[marks[i].Boot]
		}
	}
}
