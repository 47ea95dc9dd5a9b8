package export

import (
	"errors"
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/outfile"
	"github.com/scopelog/scopelog/series"
)

// piece is what one file holds: samples from one device index up to another, or waveforms.
type piece struct {
	table    *table
	from, to int64 // device indexes, or places in the table's waveforms
	until    int64 // device index that was asked for as the end, of the last piece of a table; 0: another one
	waves    []series.Wave
}

// rows counts the samples of each stream.
func (p piece) rows() int64 { return (p.to - p.from) * max(p.table.waveform, 1) }

// samples counts what is read for a piece.
func (p piece) samples() int64 { return p.rows() * int64(len(p.table.columns)) }

// parts cuts a piece into those of most samples, or waveforms, which a file of the format can have; 0: of any number.
func (p piece) parts(most int64) []piece {
	if most == 0 || p.to-p.from <= most {
		return []piece{p}
	}
	var list []piece
	for at := p.from; at < p.to; at += min(most, p.to-at) {
		part := piece{table: p.table, from: at, to: at + min(most, p.to-at)}
		if p.waves != nil {
			part.waves = p.waves[part.from:part.to]
		}
		list = append(list, part)
	}
	return list
}

// layOut settles what goes into which file.
func layOut(list []*table, o *Options, f format) ([]piece, error) {
	var all []piece
	var rows int64
	for _, t := range list {
		pieces, err := t.pieces(o)
		if gaps := new(*GapsError); errors.As(err, gaps) && f.blanks {
			(*gaps).CanFill = true
		}
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(all, func(p piece) bool { return p.table.device == t.device && p.table.era != t.era }); i >= 0 && len(pieces) > 0 && o.Gaps != Split {
			return nil, &GapsError{Stream: t.columns[0].Stream.Name(), DeviceIndex: t.columns[0].Spans[0].Device}
		}
		for _, p := range pieces {
			rows += p.rows()
			all = append(all, f.parts(o, p)...)
		}
	}
	switch {
	case len(all) == 0:
		return nil, nothingIn(list)
	case f.text && o.MaxRows > 0 && rows > o.MaxRows:
		return nil, &outfile.RowsError{Rows: rows, Most: o.MaxRows}
	}
	return all, nil
}

// nothingIn is the error where nothing is chosen of tables. It tells what there is.
func nothingIn(list []*table) error {
	var all []*series.Series
	for _, t := range list {
		for _, c := range t.columns {
			all = append(all, c.Series)
		}
	}
	return series.Nothing(all)
}

// parts cuts a piece where a file of the format is full, and notes that.
func (f format) parts(o *Options, p piece) []piece {
	if f.most == nil {
		return []piece{p}
	}
	most := f.most(o, p.table)
	list := p.parts(most)
	if len(list) > 1 {
		noun := "sample"
		if p.waves != nil {
			noun = "waveform"
		}
		p.table.notes = append(p.table.notes, fmt.Sprintf("a %s file has at most %s of %s here, so that these are %d files that follow each other",
			f.ending, plural(most, noun), p.table.columns[0].Stream.Name(), len(list)))
	}
	return list
}
