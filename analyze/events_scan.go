package analyze

import "context"

const (
	// scanLevel is the level of the overview by which quiet stretches are passed over: bins of 16,384 samples.
	scanLevel = 1
	// scanBlind is how many bins are read at once behind one in which something may have happened.
	scanBlind = 15
)

// scan takes the values of a stretch, but for bins of the overview in which nothing can have happened. What is found is the same.
func (p *eventPart) scan(ctx context.Context, l *lane, at piece, m *meter) error {
	done, blind := at.from, at.from // taken or passed over; read up to there without a look at the overview
	upTo := func(end int64) error {
		from := p.detector.Next() // before done, where a slope reaches back behind what was passed over
		done = end
		return l.read(ctx, piece{from: from, samples: end - from}, m, l.dosed(ctx, p, p.take))
	}
	err := p.src.Bins(scanLevel, at.from, at.from+at.samples, func(from, to int64, low, high float64) error {
		if from < blind {
			return nil
		}
		if from > done {
			if err := upTo(from); err != nil {
				return err
			}
		}
		if p.detector.SkipTo(to, low, high) {
			done = to
			m.add(to - from)
			return ctx.Err()
		}
		blind = to + scanBlind*(to-from)
		return nil
	})
	if err != nil {
		return err
	}
	return upTo(at.from + at.samples)
}
