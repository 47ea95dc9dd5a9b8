package measure

import (
	"math"
	"strings"
	"testing"
)

func TestSeries(t *testing.T) {
	for _, c := range []struct {
		name   string
		series Series
		median float64
		p99    float64
		text   string
	}{
		{"one round", Series{3}, 3, 3, "3.0"},
		{"odd", Series{9, 1, 5}, 5, 9, "5.0 (1.0..9.0)"},
		{"even", Series{4, 1, 2, 3}, 2.5, 4, "2.5 (1.0..4.0)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.series.Median(); got != c.median {
				t.Errorf("median %v, want %v", got, c.median)
			}
			if got := c.series.Quantile(0.99); got != c.p99 {
				t.Errorf("p99 %v, want %v", got, c.p99)
			}
			if got := c.series.Format("%.1f"); got != c.text {
				t.Errorf("text %q, want %q", got, c.text)
			}
		})
	}
	if s := (Series{}); !math.IsNaN(s.Median()) || s.Format("%f") != "-" {
		t.Error("an empty series has figures")
	}
	if got := (Series{6, 8, 1}).Minus(Series{3, 2}); len(got) != 2 || got[0] != 3 || got[1] != 6 {
		t.Errorf("differences %v", got)
	}
	if got := (Series{6, 8, 1}).Over(Series{3, 2}); len(got) != 2 || got[0] != 2 || got[1] != 4 {
		t.Errorf("quotients %v", got)
	}
}

func TestQuantileRank(t *testing.T) {
	var s Series
	for i := range 1000 {
		s.Add(float64(999 - i))
	}
	for q, want := range map[float64]float64{0: 0, 0.5: 499.5, 0.99: 989, 0.999: 998, 1: 999} {
		if got := s.Quantile(q); got != want {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
}

func TestTarget(t *testing.T) {
	for _, c := range []struct {
		name   string
		target Target
		figure float64
		want   string
	}{
		{"from below, met", AtLeast(0.6), 0.6, ">= 0.60 met"},
		{"from below, missed", AtLeast(0.6), 0.59, ">= 0.60 MISSED"},
		{"from above, met", AtMost(5), 5, "<= 5.00 met"},
		{"from above, missed", AtMost(5), 5.1, "<= 5.00 MISSED"},
		{"nothing", AtMost(5), math.NaN(), "<= 5.00 not measured"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.target.Judge(c.figure, "%.2f"); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestTable(t *testing.T) {
	table := NewTable("what", "GB/s")
	table.Add("a ring", "12.5")
	table.Add("µs", "1")
	var b strings.Builder
	if err := table.Write(&b); err != nil {
		t.Fatal(err)
	}
	if want := "what    GB/s\na ring  12.5\nµs         1\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
