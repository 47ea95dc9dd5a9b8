package plot

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
)

func TestBraille(t *testing.T) {
	t.Parallel()
	l := newLab(t, device(analog("A")), recording.Options{})
	l.signal = func(_ int, d int64) float64 { return float64(d % 1000) }
	l.add(2000)
	l.lose(recording.CauseRingFull, 1000)
	l.add(1000)
	f := timeFigure(t, l.open(), TimeOptions{Elapsed: true})
	var b bytes.Buffer
	if err := f.WriteText(&b, 46, 5); err != nil {
		t.Fatal(err)
	}
	want := `test: cell.A
2026-11-20 08:00:00.000 to 08:00:04.000 UTC (4 s)
   cell.A (V)  cell.A
1 ┤        ⢀⣠⢾        ⢀⡴⠃                   ⣠⠞
  │      ⢀⡴⠋ ⢸      ⣠⠖⠋                  ⢀⡴⠚⠁
  │    ⣠⠞⠉   ⢸   ⢀⣠⠞⠁                  ⣀⡴⠋
  │ ⢀⡤⠚⠁     ⢸ ⢀⡴⠋                   ⣠⠞⠁
0 ┤⡴⠋        ⢸⠞⠉                   ⡴⠋⠁
  └─────────────────────░░░░░░░░░░░░──────────
   0                    2                    4
   time since the start (s)
lost: ring_full (1,000 samples)
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestBrailleDots(t *testing.T) {
	t.Parallel()
	unit := axis{min: 0, max: 1}
	for _, c := range []struct {
		name string
		draw func(g *grid)
		want []string
	}{
		{"nothing", func(*grid) {}, []string{"    ", "    "}},
		{"all", func(g *grid) { g.fill(0, 1, 0, 1) }, []string{"⣿⣿⣿⡇", "⣿⣿⣿⡇"}},
		{"corner", func(g *grid) { g.fill(0, 0, 0, 0) }, []string{"    ", "⡀   "}},
		{"rising", func(g *grid) { g.line(0, 0, 1, 1) }, []string{"  ⡠⠊", "⡠⠊  "}},
		{"outside", func(g *grid) { g.line(-5, 2, 5, 2) }, []string{"⠉⠉⠉⠉", "    "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGrid(4, 2, unit, unit)
			c.draw(g)
			if diff := cmp.Diff(c.want, []string{g.text(0), g.text(1)}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestBrailleErrors(t *testing.T) {
	t.Parallel()
	r := waves(t, 3, 100)
	f, err := Persistence(t.Context(), r, PersistenceOptions{Streams: r.Streams()})
	if err != nil {
		t.Fatal(err)
	}
	var kind *KindError
	if err := f.WriteText(&bytes.Buffer{}, 80, 0); !errors.As(err, &kind) {
		t.Errorf("a heat map: %v", err)
	}
	var size *SizeError
	if err := f.WriteText(&bytes.Buffer{}, 39, 0); !errors.As(err, &size) {
		t.Errorf("39 columns: %v", err)
	}
}
