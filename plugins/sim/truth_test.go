package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// truthLine is any line of a truth log.
type truthLine struct {
	Event      string   `json:"event"`
	MonoNS     int64    `json:"mono_ns"`
	Serial     string   `json:"serial"`
	Interval   string   `json:"interval_s"`
	Streams    []string `json:"streams"`
	PID        int      `json:"pid"`
	Kind       string   `json:"kind"`
	Count      int64    `json:"count"`
	Announce   string   `json:"announce"`
	Hardware   int64    `json:"hardware"`
	Epoch      int64    `json:"epoch"`
	LostTold   int64    `json:"lost_told"`
	LostVague  int64    `json:"lost_vague"`
	LostSilent int64    `json:"lost_silent"`
	Pushed     []int64  `json:"pushed"`
}

func readTruth(t *testing.T, file string) (lines []truthLine) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for scan := bufio.NewScanner(bytes.NewReader(data)); scan.Scan(); {
		var l truthLine
		d := json.NewDecoder(bytes.NewReader(scan.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&l); err != nil {
			t.Fatalf("%s: %v", scan.Text(), err)
		}
		lines = append(lines, l)
	}
	return lines
}

func TestTruthLog(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "truth.jsonl")
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S/1"})
	o := opts("truth", path(file))
	o = withFault(o, "lose", "at", ms(1500), "count", samples(1000))
	o = withFault(o, "lose", "at", ms(2500), "count", samples(200), "announce", "none")
	o = withFault(o, "lose", "at", ms(3500), "count", samples(30), "announce", "unknown")
	cfg := stream(units.Seconds(1, 1e4), 50_000, "A")
	cfg.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 100, KeepRaw: true}
	cfg.Options = o
	s, _, _, err := b.acquire(d, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	lines := readTruth(t, file)
	first, last := lines[0], lines[len(lines)-1]
	if first.Event != "start" || first.Serial != "S/1" || first.Interval != "0.0001" || first.PID != os.Getpid() ||
		!slices.Equal(first.Streams, []string{"A.raw", "A.min", "A.max"}) {
		t.Errorf("first line %+v", first)
	}
	if last.Event != "stop" || last.Epoch != 50_000 || last.Hardware != 50_230 || last.LostTold != 1000 || last.LostSilent != 200 || last.LostVague != 30 {
		t.Errorf("last line %+v", last)
	}
	for i, n := range last.Pushed {
		if got := int64(len(s.data[i]) / 2); got != n {
			t.Errorf("stream %d: %d samples, the log says %d", i, got, n)
		}
	}
	var losses []int64
	states := 0
	for _, l := range lines {
		switch l.Event {
		case "fault":
			losses = append(losses, l.Hardware, l.Count)
		case "state":
			states++
			if l.Pushed[0] != l.Epoch-l.LostTold || l.Hardware != l.Epoch+l.LostSilent+l.LostVague {
				t.Errorf("the counts do not add up: %+v", l)
			}
		}
	}
	if !slices.Equal(losses, []int64{15_000, 1000, 25_000, 200, 35_000, 30}) || states < 4 {
		t.Errorf("losses %v, %d lines of state", losses, states)
	}
}

func TestTruthLogCannotBeWritten(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	cfg := stream(units.Seconds(1, 1e4), 100, "A")
	cfg.Options = opts("truth", path(filepath.Join(t.TempDir(), "missing", "truth")))
	applied, err := d.Configure(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(t.Context(), newFakeSink(applied.Streams)); err == nil {
		t.Error("it starts without its log")
	}
}
