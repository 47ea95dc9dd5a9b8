package clock

import (
	"cmp"
	"slices"
)

// OneAxis moves the monotonic times of marks, in place, so that those of all boots of the host lie on one axis, that of the
// first boot: as far apart as UTC says, but never over each other. All devices' marks have to be moved at once, so that
// what was simultaneous stays so. Marks of a single boot stay as they are.
func OneAxis(devices ...[]Mark) {
	type span struct {
		boot       string
		mono, last int64 // first and last time of its own
		utc        int64 // at mono
	}
	var boots []span
	for _, marks := range devices {
		for _, m := range marks {
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
