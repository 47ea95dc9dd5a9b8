package export

import (
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// header is what an encoder knows before the first batch.
type header struct {
	columns  []*column
	rows     int64 // samples, or waveforms
	complete bool  // all columns have all of them
	waveform int64 // samples of each; 0: not a block mode
	interval recording.Fraction
	device   string
	from     int64               // device index of the first sample; in block modes number of the first waveform
	start    recording.Timestamp // of the first sample
	waves    []series.Wave       // in block modes
	labels   *series.Labels      // of pins
	notes    []string            // what the format does not show: it appends to them
}

// batch is some samples that follow each other, all of one waveform in block modes.
type batch struct {
	index  int64        // device index of the first one; in block modes its place in the waveform
	wave   *series.Wave // nil: not a block mode
	values [][]float64
}

// headerOf tells what is known of a file before it is written.
func headerOf(p piece) *header {
	t := p.table
	h := &header{
		columns: t.columns, rows: p.to - p.from, complete: true, waveform: t.waveform, interval: t.interval,
		device: t.device, from: p.from, waves: p.waves,
	}
	if len(p.waves) > 0 {
		h.from, h.start = p.waves[0].Number, p.waves[0].Start
		return h
	}
	h.start = t.timeOf(p.from)
	for _, c := range t.columns {
		h.complete = h.complete && c.Complete(p.from, p.to)
	}
	return h
}

// timeOf returns when the sample at a device index was taken.
func (t *table) timeOf(device int64) recording.Timestamp {
	for _, c := range t.columns {
		if at := c.TimeOf(device); at != 0 {
			return at
		}
	}
	return 0
}
