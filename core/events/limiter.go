package events

// Limiter lets so many events a second through, and counts the others. The zero value lets nothing through.
type Limiter struct {
	PerSecond int64
	// Suppressed counts those that were not let through.
	Suppressed int64

	began bool
	from  int64 // when the present second began, ns
	n     int64 // let through since then
}

// Allow tells whether an event at a time in ns is let through. Times that go back count as the latest.
func (l *Limiter) Allow(ns int64) bool {
	if !l.began || ns-l.from >= 1e9 {
		l.began, l.from, l.n = true, ns, 0
	}
	if l.n >= l.PerSecond {
		l.Suppressed++
		return false
	}
	l.n++
	return true
}
