package analyze

import "github.com/scopelog/scopelog/analysis/measure"

// ERes is the operation "eres": enhanced resolution, a moving average that trades bandwidth for bits.
type ERes struct {
	To      string  // file; its ending chooses the format; empty: nothing is written
	Replace bool    // files that are there are replaced
	MaxRows int64   // more rows of text are refused with an [*outfile.RowsError], in all files together; 0: no limit
	Draw    bool    // Table.Traces are made
	Bits    float64 // 0.5 to 8, in steps of 0.5
}

// Name returns "eres".
func (*ERes) Name() string { return "eres" }

func (o *ERes) begin(list []*source) (state, error) {
	return process(list, output{o.Name(), o.To, o.Replace, o.MaxRows, o.Draw}, "all are spoiled whose window holds one", func(src *source) (processor, ratio, float64, error) {
		e, err := measure.NewERes(o.Bits)
		if err != nil {
			return nil, unchanged, 0, &OptionError{err.Error()}
		}
		return &enhancing{e: e}, unchanged, e.Delay(), nil
	})
}

// enhancing is a moving average. A stretch that is shorter than it has no values.
type enhancing struct {
	e     *measure.ERes
	taken int64 // samples of this stretch
}

func (p *enhancing) Process(dst, x []float64) ([]float64, error) {
	p.taken += int64(len(x))
	return p.e.Append(dst, x), nil
}

func (p *enhancing) Flush(dst []float64) ([]float64, error) {
	if n := int64(p.e.Len()); p.taken < n {
		return dst, &ShortError{Samples: p.taken, Least: n}
	}
	return dst, nil
}

func (p *enhancing) Reset() {
	p.taken = 0
	p.e.Reset()
}
