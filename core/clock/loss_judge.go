package clock

import "math"

// judge looks whether all deliveries of the last while are later than those before. ended: none will follow.
func (d *LossDetector) judge(ended bool, confirm int64) (Loss, bool) {
	if d.n == 0 {
		return Loss{}, false
	}
	end := d.kept(d.n - 1).at
	if d.rise(d.n-1) < early {
		d.early = end
	}
	if !ended && end-d.learnt < confirm/2 && end-d.early < confirm {
		return Loss{}, false // by a line that is hardly older than one drawn now
	}
	after := d.n // the first second that is in question
	var count float64
	for after > 0 && d.kept(after-1).at > end-confirm {
		after--
		count += d.kept(after).count
	}
	seconds := float64(confirm / secondNS)
	if after < learnSeconds || float64(d.n-after) < leastShare*seconds || count < leastRate*float64(d.n-after) || !d.learn(after) {
		return Loss{}, false
	}
	gap := d.time(d.kept(after)) - d.line.base // over a long silence the drift is less and less known
	limit := leastRise + d.line.drift*max(0, gap-float64(recentNS))
	if d.least(after, d.n) < limit || d.recovers(after, confirm) || d.grows(0, after) && d.grows(after, d.n) {
		return Loss{}, false
	}
	return d.locate(after, limit, ended)
}

// learn draws the line of the earliest deliveries of all seconds before after.
func (d *LossDetector) learn(after int) bool {
	d.hull.reset()
	d.learnt = d.kept(d.n - 1).at
	for k := range after {
		s := d.kept(k)
		d.hull.add(point{d.time(s), s.late})
	}
	d.line = line{drift: clockApart}
	if after >= slopeSeconds {
		d.line.drift = clockApart / 3
		d.line.slope = max(-clockApart, min(clockApart, d.hull.slope(d.time(d.kept(after/2)))))
	}
	last := d.kept(after - 1)
	d.line.t, d.line.late = d.time(last), math.Inf(1)
	from := after
	for from > 0 && (d.kept(from-1).at > last.at-recentNS || after-from < learnSeconds) {
		from--
		s := d.kept(from)
		d.line.n += s.count
		if late := s.late - (d.time(s)-d.line.t)*d.line.slope; late < d.line.late {
			d.line.late, d.line.base = late, d.time(s)
		}
	}
	d.line.from = d.kept(from).at
	for k := from; k < after; k++ {
		s := d.kept(k)
		d.line.spread = max(d.line.spread, s.most-d.line.at(d.time(s)))
	}
	for k := d.n - 1; k >= 0; k-- { // what seemed early may not be by this line
		if d.rise(k) < early {
			d.early = d.kept(k).at
			break
		}
	}
	return d.line.n >= leastRate*float64(after-from)
}

// least is the least rise of the seconds from a to b.
func (d *LossDetector) least(a, b int) float64 {
	least := math.Inf(1)
	for k := a; k < b; k++ {
		least = min(least, d.rise(k))
	}
	return least
}

// recovers tells whether deliveries become less late: they are catching up.
func (d *LossDetector) recovers(after int, confirm int64) bool {
	split := d.n
	for split > after+1 && d.kept(split-1).at > d.kept(d.n-1).at-confirm/4 {
		split--
	}
	return d.least(split, d.n) < d.least(after, split)-longestLate/10
}

// grows tells whether deliveries become later and later, faster than clocks run apart: the device is far slower than it says.
func (d *LossDetector) grows(a, b int) bool {
	q := (b - a) / 4
	first, last := math.Inf(1), math.Inf(1)
	for k := range q {
		first, last = min(first, d.kept(a+k).late), min(last, d.kept(b-1-k).late)
	}
	return q > 0 && last-first > 2.5*clockApart*float64(d.kept(b-1).at-d.kept(a).at)
}

// locate finds where the loss lies and how long it is. Deliveries that are less late than the least that is missing for
// sure came before it; and some time later it was over.
func (d *LossDetector) locate(after int, limit float64, ended bool) (Loss, bool) {
	spread := d.spread(after)
	sure := min(limit, max(d.least(after, d.n)-lateness(d.effective(after, d.n), spread)-d.unsure(after), limit/4))
	before := after - 1 // the last second with a delivery that came before the loss
	for k := d.n - 1; k >= 0; k-- {
		if d.rise(k) < sure {
			before = k
			break
		}
	}
	return d.measure(before, spread, ended)
}

// measure finds a time at which the loss is over, and how long it is. More losses may follow: as long as they cannot be
// told apart it waits, and in the end they are one, if that does not blur how much is missing.
func (d *LossDetector) measure(before int, spread float64, ended bool) (Loss, bool) {
	end := d.kept(d.n - 1).at
	narrow := bounds{high: math.Inf(1)}
	behind := d.over(before)
	for ; behind < d.n && d.kept(behind).at <= end-int64(longestSpell); behind++ {
		b := d.bounds(before, behind, spread)
		if b.single && b.width()-2*d.unsure(behind) < longestLate {
			return d.enter(before, b), true
		}
		if b.width() < narrow.width() {
			narrow = b
			narrow.best = max(b.low, min(b.least, b.high))
		}
	}
	if !ended && d.delivering(before) <= deadlineNS {
		return Loss{}, false
	}
	if ended {
		behind = d.n
	}
	all := d.bounds(before, min(behind, d.n-1), spread)
	if narrow.width() < all.width() && all.width() > 2*longestLate {
		return d.enter(before, narrow), true
	}
	return d.enter(before, all), true
}

// delivering is for how long there were deliveries since the second before, silence left out.
func (d *LossDetector) delivering(before int) (ns int64) {
	for k := before + 1; k < d.n; k++ {
		if step := d.kept(k).at - d.kept(k-1).at; step < 3*secondNS {
			ns += step
		}
	}
	return ns
}

// spread is how much later than the earliest deliveries others are, as far as can be seen: those behind the loss are
// compared with each other.
func (d *LossDetector) spread(after int) float64 {
	spread, base := d.line.spread, d.least(after, d.n)
	for k := after; k < d.n; k++ {
		s := d.kept(k)
		spread = max(spread, s.most-d.line.at(d.time(s))-base)
	}
	return max(1e6, min(spread, longestLate))
}

// effective is how many deliveries of the seconds a to b can be counted on: in a spell none is early.
func (d *LossDetector) effective(a, b int) float64 {
	var n float64
	for k := a; k < b; k++ {
		n += d.kept(k).count
	}
	long := float64(d.kept(b-1).at - d.kept(a).at + secondNS)
	return n * max(long-longestSpell, long/4) / long
}

// unsure is how far the line may be off at a second.
func (d *LossDetector) unsure(k int) float64 {
	return d.line.drift * (math.Abs(d.time(d.kept(k))-d.line.base) + longestSpell)
}

// over is the first second at which a loss behind the second before must be over: two spells and some deliveries later.
func (d *LossDetector) over(before int) int {
	const enough = 24
	k, n := before+1, 0.0
	for ; k < d.n && n < enough; k++ {
		if d.kept(k).at-d.kept(before).at > int64(2*longestSpell) {
			n += d.kept(k).count
		}
	}
	return k
}

// bounds are those of a loss that is over at the second behind, in nanoseconds.
type bounds struct {
	behind          int
	low, best, high float64
	least           float64 // how late the earliest delivery behind the loss was
	single          bool    // nothing more seems to be missing soon behind it
}

func (b bounds) width() float64 { return b.high - b.low }

// bounds says what is missing in all up to the second behind, if the second before is in front of it.
func (d *LossDetector) bounds(before, behind int, spread float64) bounds {
	const level = 25e6
	rest := d.least(behind, d.n) // what is missing later makes this greater, never less
	b := bounds{behind: behind}
	for k := before + 1; k <= behind; k++ {
		if k > before+1 && d.kept(behind).at-d.kept(k).at < int64(1.5*longestSpell) {
			break
		}
		least := d.least(k, d.n)
		b.low = max(b.low, least-lateness(d.effective(k, behind+1), spread))
		b.least, b.single = least, rest-least < level
	}
	if b.best = rest; b.single {
		b.best = b.least
	}
	off := d.unsure(behind)
	b.low, b.high = max(0, b.low-off), rest+lateness(d.line.n*(1-longestSpell/float64(recentNS)), spread)+off
	if d.line.from < d.entered { // the line rests on what was before a loss that may have been shorter
		b.high += d.doubt
	}
	b.best = max(b.low, min(b.best, b.high))
	return b
}

// enter makes a loss of what was found, and counts it in all that is known of the time behind it.
func (d *LossDetector) enter(before int, b bounds) Loss {
	from, to := d.kept(before), d.kept(b.behind)
	least := int64(max(b.low/d.intervalNS, 1))
	most := int64(math.Ceil(b.high/d.intervalNS)) + 1
	lost := (int64(b.best/d.intervalNS) + d.granule/2) / d.granule * d.granule
	loss := Loss{
		PositionMin: from.index, PositionMax: to.index, FromNS: from.at, ToNS: to.at,
		Lost: lost, LostMin: min(least, lost), LostMax: max(most, lost),
	}
	d.slip += b.best - float64(lost)*d.intervalNS
	for k := before + 1; k < d.n; k++ {
		s := d.kept(k)
		s.late -= b.best
		s.most -= b.best
		s.index += lost
		if k <= b.behind { // some may have come before the loss, and must not look as if they had been early
			s.late = max(s.late, d.line.at(d.time(s)))
		}
	}
	d.entered, d.doubt = to.at, b.best-b.low
	return loss
}
