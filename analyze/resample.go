package analyze

import (
	"errors"

	"github.com/scopelog/scopelog/analysis/resample"
	"github.com/scopelog/scopelog/units"
)

// Resample is the operation "resample": the signals at another rate, by a polyphase filter without delay.
type Resample struct {
	To       string     // file; its ending chooses the format; empty: nothing is written
	Replace  bool       // files that are there are replaced
	MaxRows  int64      // more rows of text are refused with an [*outfile.RowsError], in all files together; 0: no limit
	Draw     bool       // Table.Traces are made
	Rate     units.Rate // wanted; zero: Up and Down say
	Up, Down int
	Options  resample.Options
}

// Name returns "resample".
func (*Resample) Name() string { return "resample" }

func (o *Resample) begin(list []*source) (state, error) {
	return process(list, output{o.Name(), o.To, o.Replace, o.MaxRows, o.Draw}, "the filter spoils those that it reaches from one too", func(src *source) (processor, ratio, float64, error) {
		up, down := o.Up, o.Down
		if o.Rate.Sign() > 0 {
			rate, err := rateOf(src)
			if err != nil {
				return nil, unchanged, 0, err
			}
			if up, down, err = resample.Factors(rate, o.Rate); err != nil {
				return nil, unchanged, 0, err
			}
		}
		r, err := resample.New(up, down, o.Options)
		if errors.As(err, new(*resample.FactorError)) {
			return nil, unchanged, 0, err
		}
		if err != nil {
			return nil, unchanged, 0, &OptionError{err.Error()}
		}
		return resampling{r}, ratio{int64(r.Up()), int64(r.Down())}, 0, nil
	})
}

// resampling is a resampler that cannot fail.
type resampling struct{ r *resample.Resampler }

func (p resampling) Process(dst, x []float64) ([]float64, error) { return p.r.Process(dst, x), nil }
func (p resampling) Flush(dst []float64) ([]float64, error)      { return p.r.Flush(dst), nil }
func (p resampling) Reset()                                      { p.r.Reset() }

// rateOf returns the exact rate of a source.
func rateOf(src *source) (units.Rate, error) {
	r, err := units.NewRational(src.Interval.Den, src.Interval.Num)
	if err != nil {
		return units.Rate{}, err
	}
	return units.Rate{Rational: r}, nil
}
