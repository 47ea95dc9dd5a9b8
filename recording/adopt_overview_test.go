package recording

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// TestOverviewGoesOn breaks the making of an overview off at any sample, also behind losses, and goes on with what the files have, among them rows of
// samples behind that one: it is what it would have been without.
func TestOverviewGoesOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		samples int64
		gaps    int
		tries   int
	}{
		{"some bins", 40 * OverviewBin, 0, 40},
		{"bins of the next level", 300 * OverviewBin, 3, 40},
		{"a second level", (OverviewNextRows + 300) * OverviewBin, 5, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, uint64(c.samples)))
			p := make([]byte, c.samples)
			for i := range p {
				p[i] = byte(random.Uint32())
			}
			captures := []Capture{{GlobalIndex: int64(random.IntN(3000))}}
			for range c.gaps {
				last := captures[len(captures)-1]
				at := last.SampleStart + 1 + random.Int64N((c.samples-last.SampleStart)/2)
				captures = append(captures, Capture{SampleStart: at, GlobalIndex: last.GlobalIndex + at - last.SampleStart + 1 + random.Int64N(100_000)})
			}
			whole := filesOf(t, t.TempDir(), p, captures, nil)
			for range c.tries {
				cut := 1 + random.Int64N(c.samples-1)
				if random.IntN(3) == 0 {
					cut = max(cut/OverviewBin*OverviewBin-captures[0].GlobalIndex%OverviewBin, 1) // at the end of a bin
				}
				written := cut + random.Int64N(c.samples-cut)
				got := filesOf(t, t.TempDir(), p, captures, &broken{cut, written})
				for name, want := range whole {
					if !bytes.Equal(got[name], want) {
						t.Fatalf("cut at %d, written to %d: %s differs", cut, written, name)
					}
				}
				if len(got) != len(whole) {
					t.Fatalf("cut at %d: %d files, want %d", cut, len(got), len(whole))
				}
			}
		})
	}
}

// broken says that the overview of samples up to written is there, and goes on at cut.
type broken struct{ cut, written int64 }

// filesOf makes the overview of samples and returns its files.
func filesOf(t *testing.T, dir string, p []byte, captures []Capture, b *broken) map[string][]byte {
	t.Helper()
	add := func(o *overview, from, to int64) {
		for i, c := range captures {
			end := int64(len(p))
			if i+1 < len(captures) {
				end = captures[i+1].SampleStart
			}
			if at, end := max(from, c.SampleStart), min(to, end); at < end {
				o.add(c.GlobalIndex+at-c.SampleStart, p[at:end])
			}
		}
	}
	o, from := newOverview(OSFS(), dir, "x", Uint8), int64(0)
	if b != nil {
		data, err := OSFS().OpenFile(filepath.Join(dir, "x"+ExtData), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer data.Close()
		if _, err := data.WriteAt(p[:b.written], 0); err != nil {
			t.Fatal(err)
		}
		add(o, 0, b.cut)
		o.flush()
		add(o, b.cut, b.written)
		if b.written%2 == 0 {
			o.flush()
		}
		if err := o.close(); err != nil {
			t.Fatal(err)
		}
		f := &streamFile{stream: &streamWriter{}, fsys: OSFS(), dir: dir, base: "x", f: data, n: b.cut, itemSize: 1, ov: newOverview(OSFS(), dir, "x", Uint8)}
		var known []Capture
		for _, c := range captures {
			if c.SampleStart < b.cut {
				known = append(known, c)
			}
		}
		if f.reopenOverview(known); f.ov.stale {
			t.Fatalf("cut at %d, written to %d: it is not taken up: %v", b.cut, b.written, f.ov.err)
		}
		o, from = f.ov, b.cut
	}
	add(o, from, int64(len(p)))
	o.finish()
	var rows [OverviewLevels]int64
	for level := range rows {
		rows[level] = o.levels[level].rows
	}
	if o.stale || o.writeHeaders(rows) != nil || o.sync() != nil || o.close() != nil {
		t.Fatalf("the overview cannot be made: %v", o.err)
	}
	files := map[string][]byte{}
	for level := range OverviewLevels {
		name := OverviewName("x", level)
		if b, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			files[name] = b
		}
	}
	if len(files) == 0 {
		t.Fatal(fmt.Errorf("there is no overview"))
	}
	return files
}
