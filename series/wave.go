package series

import (
	"math"

	"github.com/scopelog/scopelog/recording"
)

// Wave is one waveform of a device in a block mode, in all of some series. Its number is the recording's.
type Wave struct {
	Number    int64
	Triggered bool
	Position  int64 // of the trigger, in samples from the start
	OffsetFS  int64 // from that sample to the trigger
	Start     recording.Timestamp
	Spans     []int // its place in the spans of each series
	Lost      int64 // it stands for so many waveforms that files have lost, and cannot be read; 0: it can
	Lacking   int   // the series that lacks them
}

// Time returns the seconds from the trigger to a place of the waveform, in samples of an interval that need not be whole: negative before the trigger,
// from the first sample on where there is none.
func (w *Wave) Time(sample float64, interval recording.Fraction) float64 {
	return (sample-float64(w.Position))*float64(interval.Num)/float64(interval.Den) - float64(w.OffsetFS)*1e-15
}

// Waves returns the waveforms of series of one device and setting in order, also those that files have lost. What is only being written is left
// out.
func Waves(list []*Series) []Wave {
	m := &waveMerge{list: list, at: make([]int, len(list)), owed: make([]int64, len(list)), length: list[0].Waveform()}
	for {
		number := m.next()
		m.settle(number)
		if number == math.MaxInt64 {
			return m.waves
		}
		m.take(number)
	}
}

// waveMerge goes through the spans of several series side by side.
type waveMerge struct {
	list   []*Series
	length int64
	at     []int
	owed   []int64 // lost ones of a series that have no wave yet
	waves  []Wave
}

// next returns the lowest number that a series has next, MaxInt64 at the end.
func (m *waveMerge) next() int64 {
	number := int64(math.MaxInt64)
	for i, s := range m.list {
		for m.at[i] < len(s.Spans) && s.number(m.at[i], m.length) < 0 {
			m.at[i]++
		}
		if m.at[i] < len(s.Spans) {
			number = min(number, s.number(m.at[i], m.length))
		}
	}
	return number
}

// settle makes a wave of what was lost before a number.
func (m *waveMerge) settle(number int64) {
	var more Wave
	for i, n := range m.owed {
		if n > 0 && (number == math.MaxInt64 || m.at[i] < len(m.list[i].Spans) && m.list[i].number(m.at[i], m.length) == number) {
			m.owed[i] = 0
			if n > more.Lost {
				more = Wave{Lost: n, Lacking: i}
			}
		}
	}
	if more.Lost > 0 {
		last := m.waves[len(m.waves)-1]
		more.Number, more.Start = last.Number+1, last.Start
		m.waves = append(m.waves, more)
	}
}

// take makes a wave of the spans with a number.
func (m *waveMerge) take(number int64) {
	w, written := Wave{Number: number, Spans: make([]int, len(m.list))}, true
	for i, s := range m.list {
		if m.at[i] >= len(s.Spans) || s.number(m.at[i], m.length) != number {
			w.lose(i)
			m.owed[i] = max(0, m.owed[i]-1)
			continue
		}
		p := &s.Spans[m.at[i]]
		w.note(p)
		w.Spans[i] = m.at[i]
		m.at[i]++
		m.owed[i] = (p.Told - p.Samples + m.length - 1) / m.length
		switch {
		case p.Samples == m.length:
		case m.owed[i] == 0:
			written = false // it is being recorded
		default:
			w.lose(i)
			m.owed[i]--
		}
	}
	if written || w.Lost > 0 {
		m.waves = append(m.waves, w)
	}
}

// lose notes that a series lacks the waveform; the first one that does is told.
func (w *Wave) lose(series int) {
	if w.Lost == 0 {
		w.Lost, w.Lacking = 1, series
	}
}

// note takes over when a waveform began and where its trigger is.
func (w *Wave) note(p *Span) {
	w.Start = p.Start
	if t := p.Capture.TriggerPosition; t != nil && !w.Triggered {
		w.Triggered, w.Position = true, *t
		if f := p.Capture.TriggerOffsetFS; f != nil {
			w.OffsetFS = *f
		}
	}
}

// number returns the number of the waveform that a span is; of what was lost before the first one, at which it began at the latest. It is negative
// where there is none.
func (s *Series) number(i int, waveform int64) int64 {
	if n := s.Spans[i].Capture.Waveform; n != nil {
		return *n
	}
	if i == 0 && s.Spans[0].Samples == 0 && len(s.Spans) > 1 && s.Spans[1].Capture.Waveform != nil {
		return max(0, *s.Spans[1].Capture.Waveform-s.Spans[0].Told/waveform)
	}
	return -1
}
