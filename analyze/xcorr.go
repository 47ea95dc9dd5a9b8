package analyze

import (
	"strings"

	"github.com/scopelog/scopelog/analysis/correlate"
	"github.com/scopelog/scopelog/units"
)

// XCorr is the operation "xcorr": the cross-correlation of two streams up to a greatest lag.
type XCorr struct {
	With    string         // the other stream; a positive lag is by how much the first is later. Empty: the stream itself, for its autocorrelation
	MaxLag  units.Interval // needed
	Options correlate.Options
}

// Name returns "xcorr".
func (*XCorr) Name() string { return "xcorr" }

// mostLag is the greatest lag in samples.
const mostLag = correlate.MaxLag

func (o *XCorr) begin(list []*source) (state, error) {
	s := &xcorrState{op: o, list: list}
	options := o.Options
	s.slow = slowest(list)
	lag := samplesIn(o.MaxLag, s.slow, true)
	if lag <= 0 || lag > mostLag {
		return nil, optionError("the greatest lag has to be above 0 and at most %d samples: %s of %s", mostLag, trim6(float64(mostLag)*s.slow.seconds())+" s", s.slow.Stream.Name())
	}
	options.MaxLag = int(lag)
	c, err := correlate.NewCorrelator(options)
	if err != nil {
		return nil, &OptionError{err.Error()}
	}
	s.c = c
	return s, nil
}

type xcorrState struct {
	op   *XCorr
	list []*source
	slow *source // whose samples lags are counted in
	c    *correlate.Correlator
}

func (s *xcorrState) with() string     { return s.op.With }
func (s *xcorrState) of(int) taker     { return s }
func (s *xcorrState) close()           {}
func (s *xcorrState) lengthy()         {}
func (s *xcorrState) done() error      { return nil }
func (s *xcorrState) open(piece) error { s.c.Break(); return nil }
func (s *xcorrState) take(x []float64) error {
	n := len(x) / 2
	return s.c.Add(x[:n], x[n:])
}

func (s *xcorrState) result() (*Table, error) {
	r, err := s.c.Result()
	if err != nil {
		return nil, err
	}
	u, v := s.list[0], s.list[len(s.list)-1]
	if u.isNamed(s.op.With, v) {
		u, v = v, u
	}
	unit := ""
	if s.op.Options.Norm == correlate.Raw {
		unit = strings.Trim(u.Unit()+"·"+v.Unit(), "·") // a pin has none
	}
	t := &Table{Drawn: &Drawing{X: 1, Y: []int{2}, Of: []string{u.Stream.Name(), v.Stream.Name()}}}
	t.whole("lag")
	t.value("time", "s")
	t.value("correlation", unit)
	lags, times := make([]float64, len(r.Values)), make([]float64, len(r.Values))
	for i := range lags {
		lags[i], times[i] = float64(r.Lag(i)), secondsOf(s.slow.Interval, int64(r.Lag(i)))
	}
	t.fill(lags, times, r.Values)
	b := &Table{Operation: "the peak"}
	b.text("streams")
	b.whole("lag")
	b.value("interpolated", "samples")
	b.value("time", "s")
	b.value("correlation", unit)
	p := r.PeakMagnitude()
	b.row(u.Stream.Name()+" behind "+v.Stream.Name(), p.Lag, p.Position, p.Position*s.slow.seconds(), p.Value)
	t.Brief = b
	if p.Lag == r.First || p.Lag == r.First+len(r.Values)-1 {
		t.Notes = append(t.Notes, "the largest value lies at the greatest lag: the signals may be further apart, --max-lag looks further")
	}
	if u.Global.Device != v.Global.Device {
		t.Notes = append(t.Notes, "the streams are of two devices: their clocks are compared by the host's, and drift apart meanwhile; align says how well that is known")
	}
	return t, nil
}
