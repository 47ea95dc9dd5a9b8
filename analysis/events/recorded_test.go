package events

import (
	"compress/gzip"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorded reads a recorded waveform of this repository; SOURCES.txt and LICENCES.txt beside it say where it comes from.
func recorded(t *testing.T, name string, scale, offset float64) []float64 {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "internal", "rigtest", "testdata", "waveforms", name+".i16.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, len(raw)/2)
	for i := range x {
		x[i] = float64(int16(binary.LittleEndian.Uint16(raw[2*i:])))*scale + offset
	}
	return x
}

// TestBreaker finds the 5 ms in which the neutral current of a breaker exceeds 50 A.
func TestBreaker(t *testing.T) {
	t.Parallel()
	x := recorded(t, "breaker_opening.IN", 0.02, 0)
	got := search(must(Level(DirectionAbove, 50, 0)), 0, magnitudes(x))
	for i := range got {
		got[i].Extreme = math.Round(got[i].Extreme*10) / 10
	}
	want := []Event{{Kind: KindAbove, Index: 1174, Length: 6, Extreme: 319.7}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func magnitudes(x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = math.Abs(v)
	}
	return y
}

// TestMuons counts pulses block by block.
func TestMuons(t *testing.T) {
	t.Parallel()
	const scale, block = 6.151574803149607e-06, 4000
	signals := [2][]float64{recorded(t, "muon_panels.A", scale, -0.14), recorded(t, "muon_panels.B", scale, -0.16)}
	for level, want := range map[float64][2]int{-0.05: {230, 288}, -0.1: {190, 224}, -0.2: {64, 88}} {
		var got [2]int
		for i, x := range signals {
			d := New(must(Level(DirectionFalling, level, -level/2)), 0, func(Event) { got[i]++ })
			for at := 0; at < len(x); at += block {
				d.Break(int64(at))
				d.Add(x[at : at+block])
			}
			d.Flush()
		}
		if got != want {
			t.Errorf("%v V: %v pulses in A and B, want %v", level, got, want)
		}
	}
}

// TestCarrier finds the pauses of a carrier of 13.56 MHz, of which each lasts about 9.2 us, and its end.
func TestCarrier(t *testing.T) {
	t.Parallel()
	x := recorded(t, "nfc_15693.coil", 0.0877072627727802, 0)
	const us = 250 // samples
	got := search(must(Dropout(0, 2, 5*us)), 0, x)
	if len(got) != 24 {
		t.Fatalf("%d dropouts of 5 us, want 24: %v", len(got), got)
	}
	for i, e := range got[:23] {
		if e.Length < 8*us || e.Length > 11*us || e.CutStart || e.CutEnd {
			t.Errorf("pause %d: %+v", i, e)
		}
	}
	// The answers were found in steps of 256 ns.
	for i, want := range map[int]float64{0: 99, 22: 1707, 23: 6188} {
		if at := float64(got[i].Index) / us; math.Abs(at-want) > 1 {
			t.Errorf("dropout %d at %.3f us, want %v", i, at, want)
		}
	}
	if long := search(must(Dropout(0, 2, 20*us)), 0, x); len(long) != 1 || !long[0].CutEnd {
		t.Errorf("dropouts of 20 us: %v, want the end of the carrier", long)
	}
}

// TestBattery finds pulses that come every 4760 s.
func TestBattery(t *testing.T) {
	t.Parallel()
	x := recorded(t, "battery_hppc.I", 0.01, 0)
	starts := search(must(PulseWidth(DirectionBelow, -25, 0, InRange(30, 31))), 0, x)
	if len(starts) != 10 || starts[0].Index != 15445 || starts[9].Index != 58285 {
		t.Errorf("discharge pulses: %v, want 10 from 15445 to 58285", starts)
	}
	periods := search(must(Interval(DirectionFalling, -25, 0, InRange(4760, 4760))), 0, x)
	if len(periods) != 9 {
		t.Errorf("%d intervals of 4760 s, want 9", len(periods))
	}
}

// TestNeutralVoltage finds the first sample outside a window.
func TestNeutralVoltage(t *testing.T) {
	t.Parallel()
	x := recorded(t, "power_swing_110kv.3U0", 53.34838, 0)
	got := search(must(Window(DirectionExit, -5000, 5000, 0)), 0, x)
	if len(got) == 0 || got[0].Index != 1022 {
		t.Errorf("exits: %v, want the first at 1022", got)
	}
}
