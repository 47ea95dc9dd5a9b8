package analyze

import (
	"context"
	"fmt"
)

// feed gives all pieces of a lane to a taker.
func feed(ctx context.Context, l *lane, t taker, m *meter) error {
	for _, p := range l.pieces() {
		if err := t.open(p); err != nil {
			return err
		}
		read := l.read
		if sc, ok := t.(scanner); ok && p.wave == nil && l.second == nil {
			read = func(ctx context.Context, p piece, m *meter, _ func([]float64) error) error {
				return sc.scan(ctx, l, p, m)
			}
		}
		if err := read(ctx, p, m, l.dosed(ctx, t, t.take)); err != nil {
			return fmt.Errorf("%s: %w", l.Stream.Name(), err)
		}
	}
	return end(ctx, t)
}

// scanner is a taker that reads stretches itself, since it needs only a part of them.
type scanner interface {
	scan(ctx context.Context, l *lane, p piece, m *meter) error
}

// chunk is some samples that follow each other.
type chunk struct {
	values []float64
	err    error
}

// read gives the values of a piece in order to f, in chunks of at most chunkSamples. They belong to f until it returns. The next chunk is read
// meanwhile; what fits into one is read at once.
func (l *lane) read(ctx context.Context, p piece, m *meter, f func(x []float64) error) error {
	if p.samples <= chunkSamples/16 {
		return l.readAtOnce(ctx, p, m, f)
	}
	ctx, stop := context.WithCancel(ctx)
	free, full := make(chan []float64, 3), make(chan chunk)
	defer func() {
		stop()
		for range full { // until the reader has ended
		}
	}()
	size := min(p.samples, chunkSamples) * l.width()
	for range cap(free) {
		free <- make([]float64, size)
	}
	go func() {
		defer close(full)
		l.fill(ctx, p, free, full)
	}()
	at := int64(0)
	for c := range full {
		if c.err != nil {
			return c.err
		}
		l.watch(c.values, p, at)
		at += int64(len(c.values)) / l.width()
		if err := f(c.values); err != nil {
			return err
		}
		m.add(int64(len(c.values)))
		free <- c.values[:cap(c.values)]
	}
	return ctx.Err()
}

// readAtOnce is read for a short piece: waveforms are many.
func (l *lane) readAtOnce(ctx context.Context, p piece, m *meter, f func(x []float64) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n := p.samples * l.width()
	if int64(cap(l.short)) < n {
		l.short = make([]float64, n)
	}
	if l.reader == nil {
		var err error
		if l.reader, err = l.reading(); err != nil {
			return err
		}
	}
	x := l.short[:n]
	if err := l.reader.read(x, p, 0); err != nil {
		return err
	}
	l.watch(x, p, 0)
	if err := f(x); err != nil {
		return err
	}
	m.add(n)
	return nil
}

// fill reads a piece.
func (l *lane) fill(ctx context.Context, p piece, free <-chan []float64, full chan<- chunk) {
	r, err := l.reading()
	for at := int64(0); at < p.samples; {
		c := chunk{err: err}
		n := min(chunkSamples, p.samples-at)
		select {
		case <-ctx.Done():
			return
		case b := <-free:
			c.values = b[:n*l.width()]
		}
		if c.err == nil {
			r.fetch(ctx, p, at)
			c.err = r.read(c.values, p, at)
		}
		select {
		case <-ctx.Done():
			return
		case full <- c:
		}
		if c.err != nil {
			return
		}
		at += n
	}
}
