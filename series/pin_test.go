package series

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

func port(name string) recording.StreamInfo {
	return recording.StreamInfo{Channel: name, Datatype: recording.Uint8, Global: recording.Global{Scale: 1, Unit: "1"}}
}

// labelled is a run of an analog channel and two ports, of which the pins D0, D2 and D9 have labels.
func labelled(t testing.TB) *recordingtest.Lab {
	t.Helper()
	info := recordingtest.Device(recordingtest.Analog("A"), port("D0-7"), port("D8-15"))
	info.CutSamples = 640
	l := recordingtest.New(t, info)
	text := `{"devices": [{"name": "cell", "digital": [
		{"name": "D0-7", "labels": {"D0": "SCL", "D2": "chip [select]", "D3": "D5", "D7": "a[b"}}, {"name": "D8-15", "labels": {"D9": "SCL"}}]}]}`
	if err := os.WriteFile(filepath.Join(l.Dir(), recording.FileResolved), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestChoosePins(t *testing.T) {
	t.Parallel()
	l := labelled(t)
	l.Add(10)
	r := l.Open()
	for _, c := range []struct {
		name     string
		patterns []string
		want     []string
	}{
		{"a pin", []string{"cell.D3"}, []string{"cell.D3"}},
		{"a pin of the second port", []string{"cell.D12"}, []string{"cell.D12"}},
		{"pins in their order, behind their port", []string{"cell.D12", "cell.D1", "cell.D0-7", "cell.A"}, []string{"cell.A", "cell.D0-7", "cell.D1", "cell.D12"}},
		{"twice", []string{"cell.D1", "*.D1"}, []string{"cell.D1"}},
		{"a pattern of pins", []string{"cell.D[13]"}, []string{"cell.D1", "cell.D3"}},
		{"a pattern of streams names no pins", []string{"cell.D*"}, []string{"cell.D0-7", "cell.D8-15"}},
		{"labels of two pins", []string{"cell.SCL"}, []string{"cell.D0", "cell.D9"}},
		{"signs of patterns in a label", []string{"cell.chip [select]"}, []string{"cell.D2"}},
		{"a label that is no pattern", []string{"cell.a[b"}, []string{"cell.D7"}},
		{"a pattern of labels", []string{"*.chip*"}, []string{"cell.D2"}},
		{"a name goes before a label", []string{"cell.D5"}, []string{"cell.D5"}},
		{"a device has streams", []string{"cell"}, []string{"cell.A", "cell.D0-7", "cell.D8-15"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			list, err := Choose(r, c.patterns)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, s := range list {
				names = append(names, s.Name())
			}
			if diff := cmp.Diff(c.want, names); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	list, err := Choose(r, []string{"cell.SCL", "cell.D1"})
	if err != nil || list[0].Label() != "SCL" || list[1].Label() != "" || !list[0].IsPin() || list[0].IsPort() {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := Choose(r, []string{"cell.a[c"}); !errors.As(err, new(*PatternError)) {
		t.Errorf("error %v", err)
	}
	for pattern, want := range map[string]string{
		"cell.D16":      `there is no stream "cell.D16" in the recording`,
		"cell.A1":       `there is no stream "cell.A1" in the recording`,
		"cell.A.D3":     `there is no stream "cell.A.D3" in the recording: cell.A is an analog channel, which has no pins`,
		"cell.D0-7.D3":  `there is no stream "cell.D0-7.D3" in the recording: pins are named without their port`,
		"cell.D0-7[3]":  `there is no stream "cell.D0-7[3]" in the recording: pins are named without their port`,
		"cell.D3.min":   `there is no stream "cell.D3.min" in the recording`,
		"cell.D0-7.max": `there is no stream "cell.D0-7.max" in the recording`,
	} {
		var e *StreamError
		if _, err := Choose(r, []string{pattern}); !errors.As(err, &e) || e.Error() != want || len(e.Pins) != 16 || len(e.Labels) != 5 || len(e.PinsOf()) != 16 {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

// TestPinOfAggregate: a pin of an aggregated port has the name of the aggregate.
func TestPinOfAggregate(t *testing.T) {
	t.Parallel()
	low := port("D0-7")
	low.Kind, low.Ratio = recording.KindMin, 1
	l := recordingtest.New(t, recordingtest.Device(port("D0-7"), low))
	l.Add(10)
	r := l.Open()
	for _, name := range []string{"cell.D3", "cell.D3.min"} {
		if list, err := Choose(r, []string{name}); err != nil || len(list) != 1 || list[0].Name() != name {
			t.Errorf("%s: %v, %v", name, list, err)
		}
	}
	l = recordingtest.New(t, recordingtest.Device(low)) // a port that has no stream of its own name
	l.Add(10)
	var e *StreamError
	if _, err := Choose(l.Open(), []string{"cell.D0-7.D3"}); !errors.As(err, &e) || !e.Port || e.Of != "cell.D0-7" {
		t.Errorf("%+v, %v", e, err)
	}
}

// TestReadPins: pins are the bits of their port wherever it is cut, over segments and gaps, in every quantity.
func TestReadPins(t *testing.T) {
	t.Parallel()
	l := labelled(t)
	l.Signal = func(stream int, device int64) int64 { return device * 7919 >> (stream % 4) & 0xff }
	l.Add(1000)
	l.Lose(50)
	l.Add(1500)
	r := l.Open()
	const most = 2550
	for _, q := range []convert.Quantity{convert.Unit, convert.Volts, convert.Counts} {
		for bit := range 16 {
			of, b := "cell.D0-7", bit
			if bit > 7 {
				of, b = "cell.D8-15", bit-8
			}
			whole, pin := one(t, r, of, q), one(t, r, fmt.Sprintf("cell.D%d", bit), q)
			if pin.Digital() || !pin.Pin() || !pin.Whole() || pin.MayBlank() || pin.Unit() != "" {
				t.Errorf("D%d: digital %v, pin %v, whole %v, may blank %v, unit %q", bit, pin.Digital(), pin.Pin(), pin.Whole(), pin.MayBlank(), pin.Unit())
			}
			if lo, hi, ok := pin.Range(); lo != 0 || hi != 1 || !ok {
				t.Errorf("D%d: range %v to %v, %v", bit, lo, hi, ok)
			}
			want := make([]float64, most)
			lost, err := whole.Reader().Read(want, 0)
			if err != nil || lost != 50 {
				t.Fatal(lost, err)
			}
			for i, v := range want {
				if !math.IsNaN(v) {
					want[i] = float64(int(v) >> b & 1)
				}
			}
			rng := rand.New(rand.NewPCG(1, uint64(bit)))
			reader := pin.Reader()
			got := make([]float64, most)
			for at := 0; at < most; {
				n := min(most-at, rng.IntN(400))
				if _, err := reader.Read(got[at:at+n], int64(at)); err != nil {
					t.Fatal(err)
				}
				at += n
			}
			same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
			if !slices.EqualFunc(want, got, same) {
				t.Errorf("D%d as %v is not the bit of the port", bit, q)
			}
		}
	}
}

// TestPinBins: bins of the overview in which a pin is known to stay have its level, and others are left out.
func TestPinBins(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(port("D0-7")))
	l.Signal = func(_ int, device int64) int64 { return device&1<<2 | device>>15&1<<6 | 1<<4 }
	l.Add(1 << 17)
	r := l.Open()
	for bit, want := range map[int]int64{7: 1 << 17, 6: 1 << 17, 4: 1 << 17, 2: 0, 1: 0} {
		s := one(t, r, fmt.Sprintf("cell.D%d", bit), convert.Unit)
		told := int64(0)
		err := s.Bins(1, 0, 1<<17, func(from, to int64, low, high float64) error {
			if level := float64(l.Signal(0, from) >> bit & 1); low != level || high != level {
				t.Errorf("D%d: from %d to %d it is %v to %v", bit, from, to, low, high)
			}
			told += to - from
			return nil
		})
		if err != nil || told != want {
			t.Errorf("D%d: %d samples are in bins, want %d; %v", bit, told, want, err)
		}
	}
}

// TestPinLevelIn: what is told of a pin between two values of a port is never wrong.
func TestPinLevelIn(t *testing.T) {
	t.Parallel()
	for low := range 256 {
		for high := low; high < 256; high++ {
			for bit := range 8 {
				level, ok := Pin{Bit: bit}.levelIn(uint8(low), uint8(high))
				for v := low; ok && v <= high; v++ {
					if float64(v>>bit&1) != level {
						t.Fatalf("bit %d from %08b to %08b: %v", bit, low, high, level)
					}
				}
			}
		}
	}
}

// TestPinsOf: pins are counted as the name of their port says.
func TestPinsOf(t *testing.T) {
	t.Parallel()
	var labels Labels
	if err := json.Unmarshal([]byte(`{"devices": [{"name": "cell", "digital": [{"name": "D0-2", "labels": {"D0": "clock", "D1": " ", "D2": "D2"}}]}]}`), &labels); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, device, port string
		labels             *Labels
		want               []Pin
	}{
		{"labels", "cell", "D0-2", &labels, []Pin{{"D0", "clock", 0}, {"D1", "", 1}, {"D2", "", 2}}},
		{"another device", "bus", "D0-2", &labels, []Pin{{"D0", "", 0}, {"D1", "", 1}, {"D2", "", 2}}},
		{"no plan", "cell", "D8-9", nil, []Pin{{"D8", "", 0}, {"D9", "", 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, PinsOf(c.device, c.port, c.labels)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	for _, name := range []string{"port", "D3", "D7-0", "0-7", "D0-7-9", "D0-99999999999999999999"} {
		if list := PinsOf("cell", name, nil); len(list) != 8 || list[7].Name != name+".7" {
			t.Errorf("%s: %v", name, list)
		}
	}
	for _, name := range []string{"D0-15", "D0-9223372036854775807"} {
		if n := len(PinsOf("cell", name, nil)); n != 8 {
			t.Errorf("%s: %d pins of a byte", name, n)
		}
	}
}

// TestNamesPins: a pattern names a port of which nothing is left by one of its pins.
func TestNamesPins(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, stream string
		want            bool
	}{
		{"cell.D3", "cell.D0-7", true},
		{"cell.D3", "cell.D8-15", false},
		{"cell.D9.max", "cell.D8-15.max", true},
		{"cell.D9", "cell.D8-15.max", false},
		{"cell.D[0-9]", "cell.D8-15", true},
		{"cell.A3", "cell.A", false},
		{"cell", "cell.D0-7", true},
	} {
		if got := Names([]string{c.pattern}, c.stream); got != c.want {
			t.Errorf("%s names %s: %v", c.pattern, c.stream, got)
		}
	}
}

// TestReadPinAllocates: reading a pin allocates no more than reading its port, which opens a file.
func TestReadPinAllocates(t *testing.T) {
	l := labelled(t)
	l.Add(600)
	r := l.Open()
	dst := make([]float64, 600)
	allocations := func(stream string) float64 {
		reader := one(t, r, stream, convert.Unit).Reader()
		return testing.AllocsPerRun(20, func() {
			if _, err := reader.Read(dst, 0); err != nil {
				t.Fatal(err)
			}
		})
	}
	if port, pin := allocations("cell.D0-7"), allocations("cell.D3"); pin > port {
		t.Errorf("%v allocations, and %v of the port", pin, port)
	}
}

func BenchmarkPinLevels(b *testing.B) {
	for _, n := range []int{4096, 1 << 18} {
		b.Run(fmt.Sprintf("samples=%d", n), func(b *testing.B) {
			src, dst := make([]byte, n), make([]float64, n)
			for i := range src {
				src[i] = byte(i * 7919)
			}
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				Pin{Bit: 3}.levels(dst, src)
			}
		})
	}
}

func BenchmarkReadPin(b *testing.B) {
	const n = 1 << 18
	l := recordingtest.New(b, recordingtest.Device(port("D0-7")))
	l.Signal = func(_ int, device int64) int64 { return device & 0xff }
	l.Add(n)
	streams, err := Choose(l.Open(), []string{"cell.D3"})
	if err != nil {
		b.Fatal(err)
	}
	list, err := Of(streams, convert.Unit)
	if err != nil {
		b.Fatal(err)
	}
	reader, dst := list[0].Reader(), make([]float64, n)
	b.SetBytes(n)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reader.Read(dst, 0); err != nil {
			b.Fatal(err)
		}
	}
}
