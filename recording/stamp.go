package recording

// Stamp is one moment on two clocks: CLOCK_MONOTONIC of this boot and UTC since 1970, in nanoseconds.
type Stamp struct{ MonoNS, UTCNS int64 }

// Add returns the moment ns nanoseconds later.
func (s Stamp) Add(ns int64) Stamp { return Stamp{s.MonoNS + ns, s.UTCNS + ns} }

// Now reads the clocks of the host.
func Now() Stamp { return now() }
