package analyze

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// played is a recorded signal of this repository, which is recorded again; SOURCES.txt and LICENCES.txt beside its file say where it comes from.
type played struct {
	name     string
	scale    float64 // of a count
	offset   float64 // value of count 0
	unit     string
	interval recording.Fraction
	waveform int64
}

// record makes a recording of a signal, "cell.A".
func (p played) record(t *testing.T) *recording.Recording {
	t.Helper()
	return together(t, p)
}

// together makes one recording of signals of one piece, "cell.A", "cell.B" and so on.
func together(t *testing.T, list ...played) *recording.Recording {
	t.Helper()
	var signals [][]byte
	var streams []recording.StreamInfo
	for i, p := range list {
		signals = append(signals, unpacked(t, p.name+".i16"))
		stream := recordingtest.Analog(string(rune('A' + i)))
		stream.Global.Scale, stream.Global.Offset, stream.Global.Unit, stream.Global.VoltsPerCount = p.scale, p.offset, p.unit, nil
		stream.Global.WaveformSamples = p.waveform
		streams = append(streams, stream)
	}
	p, n := list[0], len(signals[0])/2
	info := recordingtest.Device(streams...)
	info.RawInterval = p.interval
	if p.waveform > 0 {
		info.Mode = recording.ModeRapidBlock
	}
	l := recordingtest.New(t, info)
	l.Signal = func(k int, i int64) int64 { return int64(int16(binary.LittleEndian.Uint16(signals[k][2*i:]))) }
	if p.waveform == 0 {
		l.Add(int64(n))
		return l.Open()
	}
	for k := range int64(n) / p.waveform {
		l.Wave(k, p.waveform, 200, 0)
	}
	return l.Open()
}

// playedPort is a recording of a port of 8 pins that was recorded before.
func playedPort(t *testing.T, name string, interval recording.Fraction) *recording.Recording {
	t.Helper()
	pins := unpacked(t, name+".u8")
	info := recordingtest.Device(port("D0-7"))
	info.RawInterval = interval
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, i int64) int64 { return int64(pins[i]) }
	l.Add(int64(len(pins)))
	return l.Open()
}

// unpacked reads a file of recorded waveforms. Two phases of a breaker lie with the simulated device only, and are not packed there.
func unpacked(t *testing.T, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "internal", "rigtest", "testdata", "waveforms", name+".gz"))
	if os.IsNotExist(err) {
		b, err := os.ReadFile(filepath.Join("..", "plugins", "sim", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// said reads the lines of a table that others made of a recorded waveform, without the line of names.
func said(t *testing.T, name string) [][]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(string(unpacked(t, name+".csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines[1:]
}

// again records a signal that an operation made, in millionths of its unit, so that another operation can look at it.
func again(t *testing.T, x []float64, unit string, interval recording.Fraction) *recording.Recording {
	t.Helper()
	stream := recordingtest.Analog("A")
	stream.Datatype = recording.Int32
	stream.Global.Scale, stream.Global.Unit, stream.Global.VoltsPerCount, stream.Global.Codes = 1e-6, unit, nil, nil
	info := recordingtest.Device(stream)
	info.RawInterval = interval
	l := recordingtest.New(t, info)
	l.Signal = func(_ int, i int64) int64 { return int64(math.Round(x[i] * 1e6)) }
	l.Add(int64(len(x)))
	return l.Open()
}

// rowOf returns the mean of a quantity.
func rowOf(t *testing.T, table *Table, quantity string) float64 {
	t.Helper()
	i := slices.Index(table.Columns[1].Texts, quantity)
	if i < 0 {
		t.Fatalf("no %s in %v", quantity, table.Columns[1].Texts)
	}
	return table.Columns[4].Values[i]
}
