package recorder

import "math"

// What is assumed of deliveries and clocks where nothing better is known, in nanoseconds.
const (
	// clockError is the relative error that a device's sample clock may have against the host's.
	clockError = 150e-6
	// latestNS bounds how late the earliest of some deliveries is.
	latestNS = 100e6
	// soonNS is the same for the few behind a start: it is a busy machine that starts slowly.
	soonNS = 200e6
	// fewest deliveries are one that is earlier than soonNS allows for.
	fewest = 5
	// keptNS is how long the earliest delivery is remembered at least, at most twice as long; the drift meanwhile is some of the slack.
	keptNS  = int64(5e9)
	driftNS = 10e9 * clockError
	// knownNS is the time of deliveries from which on their jitter is known.
	knownNS = int64(1e9)
)

// arrivals tells when the samples of a generation were taken, from the times at which they came. They come late, never early: so of all deliveries
// of the last seconds the one that was the least late bounds the times of all samples from above. Indexes are raw samples since the start, as the
// driver counts them.
type arrivals struct {
	intervalNS float64
	startNS    int64 // no sample was taken before; 0: not known
	any        bool
	count      int   // of deliveries, up to fewest
	refIndex   int64 // lateness counts from the first delivery
	refNS      int64
	turnNS     int64   // when the window moves on
	now, past  late    // of the halves of the window
	lag        float64 // from startNS to the first sample, as its earliest deliveries tell
	origin     int64   // index of the first sample
}

// late is the range of lateness of some deliveries.
type late struct{ least, most float64 }

func none() late { return late{math.Inf(1), math.Inf(-1)} }

func (l late) with(m late) late { return late{min(l.least, m.least), max(l.most, m.most)} }

// begin forgets all. No sample that follows was taken before startNS; 0: that is not known.
func (a *arrivals) begin(intervalNS float64, startNS int64) {
	*a = arrivals{intervalNS: intervalNS, startNS: startNS, lag: math.Inf(1)}
}

// forget is for a loss of which the indexes do not know: what was known of earlier samples does not hold for later ones.
func (a *arrivals) forget() { a.begin(a.intervalNS, 0) }

// add takes a delivery of samples up to the one before end into account.
func (a *arrivals) add(first, end, monoNS int64) {
	if !a.any {
		a.any, a.refIndex, a.refNS, a.turnNS = true, end, monoNS, monoNS+keptNS
		a.now, a.past = none(), none()
		if float64(first)*a.intervalNS > float64(monoNS-a.startNS) {
			a.origin = first // it does not count from 0
		}
	}
	if monoNS >= a.turnNS {
		a.now, a.past, a.turnNS = none(), a.now, monoNS+keptNS
	}
	l := a.lateness(end, monoNS)
	a.now, a.count = a.now.with(late{l, l}), min(a.count+1, fewest)
	if a.startNS != 0 && monoNS-a.refNS < knownNS {
		a.lag = min(a.lag, math.Max(0, a.sinceStart(end, monoNS)))
	}
}

func (a *arrivals) lateness(end, monoNS int64) float64 {
	return float64(monoNS-a.refNS) - float64(end-a.refIndex)*a.intervalNS
}

// sinceStart is how long after startNS the first sample was taken, were the one before end taken at monoNS.
func (a *arrivals) sinceStart(end, monoNS int64) float64 {
	return float64(monoNS-a.startNS) - float64(end-a.origin)*a.intervalNS
}

// taken returns the latest time at which the sample before end can have been taken, which had come by cameNS.
func (a *arrivals) taken(end, cameNS int64) int64 {
	if !a.any {
		return cameNS
	}
	best := a.now.with(a.past).least
	return min(cameNS, a.refNS+int64(best+float64(end-a.refIndex)*a.intervalNS))
}

// slack bounds by how much earlier than takenNS, which [arrivals.taken] has told, the sample before end was taken.
func (a *arrivals) slack(end, takenNS int64) float64 {
	if a.startNS == 0 || !a.any {
		return latestNS + driftNS
	}
	sure := math.Max(0, a.sinceStart(end, takenNS)) + float64(end-a.origin)*a.intervalNS*clockError
	switch {
	case a.count < fewest:
		return min(sure, soonNS) + driftNS
	case takenNS-a.refNS < knownNS:
		return min(sure, latestNS) + driftNS
	}
	w := a.now.with(a.past)
	return min(sure, latestNS, a.lag+w.most-w.least) + driftNS
}
