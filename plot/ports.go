package plot

import (
	"context"
	"encoding/binary"

	"github.com/scopelog/scopelog/recording"
)

// portSamples is how many samples of a digital port are read for a figure. Of longer stretches only the smallest and the largest value of the
// overview are known, which do not always tell what each pin does.
const portSamples = 256 << 20

// port makes the columns of a digital port: which pins are low, high or changing.
type port struct {
	w     walker
	zero  recording.Timestamp
	key   int64
	open  bool
	last  int64
	now   pins
	out   [][]pins
	part  *part
	fresh bool
}

// portOf reads the columns of a track of pins; unsure tells that of some pins it is not known whether they change.
func portOf(ctx context.Context, t *track, zero recording.Timestamp, pixel float64, notes map[string]bool) (out [][]pins, unsure bool, err error) {
	p := &port{zero: zero, fresh: true}
	p.w = walker{ctx: ctx, stream: t.source, notes: notes, row: p.row, raw: p.raw}
	var samples int64
	for i := range t.spans {
		samples += t.spans[i].to - t.spans[i].from
	}
	parts := t.parts()
	for from := 0; from < len(parts); {
		to := from + 1
		for to < len(parts) && parts[to].spans[0].dt == parts[from].spans[0].dt {
			to++
		}
		p.w.width, p.w.level = columnWidth(pixel / parts[from].spans[0].dt)
		if samples <= portSamples {
			p.w.level = -1
		}
		if err := p.w.over(parts[from:to]); err != nil {
			return nil, false, err
		}
		p.flush()
		p.fresh = true
		from = to
	}
	for _, s := range p.out {
		for i := range s {
			unsure = unsure || s[i].unsure&t.mask() != 0
		}
	}
	return p.out, unsure, nil
}

func (p *port) row(q *part, from, to int64, r recording.OverviewRow) error {
	lo, hi := uint8(r.Min), uint8(r.Max)
	var differ uint8
	for d := lo ^ hi; d != 0; d >>= 1 {
		differ = differ<<1 | 1
	}
	top := differ &^ (differ >> 1) // it is 0 in one value and 1 in the other: it changes
	p.add(q, from, to, pins{and: lo &^ differ, or: lo&^differ | differ, unsure: differ &^ top})
	return nil
}

func (p *port) raw(q *part, from int64, samples []byte) error {
	and, or := bits(samples)
	p.add(q, from, from+int64(len(samples)), pins{and: and, or: or})
	return nil
}

// bits returns which bits are set in all bytes, and which in any.
func bits(b []byte) (and, or uint8) {
	a, o := ^uint64(0), uint64(0)
	for ; len(b) >= 8; b = b[8:] {
		v := binary.LittleEndian.Uint64(b)
		a, o = a&v, o|v
	}
	and = 0xff
	for i := range 8 {
		and, or = and&uint8(a>>(8*i)), or|uint8(o>>(8*i))
	}
	for _, v := range b {
		and, or = and&v, or|v
	}
	return and, or
}

func (p *port) add(q *part, from, to int64, v pins) {
	key := from / p.w.width
	if q != p.part && q.block {
		p.flush()
		p.fresh = true
	}
	p.part = q
	x1 := q.at(to-1).x(to, p.zero)
	if p.open && key == p.key {
		p.now.x1 = x1
		p.now.unsure |= v.unsure
		p.now.and, p.now.or = p.now.and&v.and, p.now.or|v.or
	} else {
		p.flush()
		if from != p.last {
			p.fresh = true
		}
		v.x0, v.x1 = q.at(from).x(from, p.zero), x1
		p.now, p.key, p.open = v, key, true
	}
	p.last = to
}

// flush ends the present column. A pin that is seen to change needs no doubt.
func (p *port) flush() {
	if !p.open {
		return
	}
	p.open = false
	if p.fresh {
		p.out, p.fresh = append(p.out, nil), false
	}
	n := len(p.out) - 1
	p.out[n] = append(p.out[n], p.now)
}
