package recording

import (
	"context"
	"testing"
)

// benchRun writes a sealed run of one int16 stream into a temporary folder.
func benchRun(b *testing.B, samples int64) string {
	b.Helper()
	r, err := Create(b.TempDir(), "bench", Options{})
	if err != nil {
		b.Fatal(err)
	}
	d, err := r.AddDevice(corpusInfo(0, StreamInfo{Channel: "A"}))
	if err != nil {
		b.Fatal(err)
	}
	if err := d.StartEpoch(Epoch{}); err != nil {
		b.Fatal(err)
	}
	p := make([]byte, 256<<10)
	for i := range p {
		p[i] = byte(i * i >> 7)
	}
	for at := int64(0); at < samples; at += int64(len(p) / 2) {
		if err := d.Append(0, at, p, Stamp{}); err != nil {
			b.Fatal(err)
		}
		if at%(1<<22) == 0 {
			if _, err := d.Sync(context.Background(), d.Checkpoint(nil, nil)); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := d.Finish(context.Background(), SealStop, nil, nil); err != nil {
		b.Fatal(err)
	}
	if err := r.Close(End{}); err != nil {
		b.Fatal(err)
	}
	return r.Dir()
}

func BenchmarkVerify(b *testing.B) {
	const samples = 1 << 26
	dir := benchRun(b, samples)
	b.SetBytes(2 * samples)
	for b.Loop() {
		if r, err := Verify(context.Background(), dir, VerifyOptions{}); err != nil || !r.OK() {
			b.Fatal(r.Problems, err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	const samples = 1 << 24
	dir := benchRun(b, samples)
	r, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	s := r.Stream("cell.A")
	b.Run("stored/samples=1048576", func(b *testing.B) {
		buf := make([]byte, 2<<20)
		b.SetBytes(int64(len(buf)))
		b.ReportAllocs()
		for at := int64(0); b.Loop(); at = (at + 1<<20) % samples {
			if _, err := s.ReadAt(buf, at); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("values/samples=1048576", func(b *testing.B) {
		buf := make([]float64, 1<<20)
		b.SetBytes(int64(2 * len(buf)))
		b.ReportAllocs()
		for at := int64(0); b.Loop(); at = (at + 1<<20) % samples {
			if _, err := s.Values(buf, at); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkJournal(b *testing.B) {
	line := []byte(lineSync)
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if _, err := ParseLine(line); err != nil {
			b.Fatal(err)
		}
	}
}
