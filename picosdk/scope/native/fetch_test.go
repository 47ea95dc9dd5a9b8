//go:build cgo

package native

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/dynlib"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// fakeCalls is a library whose sample i of a source and segment is i + 1000 * segment + 100 * source, of the smaller one half.
type fakeCalls struct {
	fromStart bool
	fail      string // the call that fails
	short     int64  // samples that do not come

	given   []Registration
	most    int // registrations at once
	calls   []string
	forgets int
}

var errFake = errors.New("the library refuses")

func (f *fakeCalls) Register(_ scope.Part, r Registration, first bool) error {
	if first != (len(f.given) == 0) {
		return errors.New("not the first")
	}
	f.given = append(f.given, r)
	f.most = max(f.most, len(f.given))
	if f.fail == "register" && len(f.given) == 2 {
		return errFake
	}
	return nil
}

func (f *fakeCalls) Forget(_ scope.Part, list []Registration) error {
	f.forgets++
	if !slices.Equal(list, f.given) {
		return errors.New("something else was registered")
	}
	if f.fail == "forget" {
		return errFake
	}
	f.given = nil
	return nil
}

func (f *fakeCalls) fill(part scope.Part, start, samples int64) int64 {
	for _, r := range f.given {
		for i := range samples / part.Ratio {
			v := int16(start/part.Ratio + i + 1000*r.Segment + 100*int64(r.Source.Index))
			r.High.Slice()[i] = v
			if r.Low != nil {
				r.Low.Slice()[i] = v / 2
			}
		}
	}
	return samples/part.Ratio - f.short
}

func (f *fakeCalls) Values(part scope.Part, segment, start, samples int64) (int64, uint16, error) {
	f.calls = append(f.calls, "one")
	if f.fail == "values" {
		return 0, 0, errFake
	}
	return f.fill(part, start, samples), uint16(0x8000 + segment), nil
}

func (f *fakeCalls) BulkValues(part scope.Part, first, last, start, samples int64, over *dynlib.Buffer[int16]) (int64, error) {
	f.calls = append(f.calls, "bulk")
	for i := range over.Slice()[:last-first+1] {
		over.Slice()[i] = int16(-0x8000 + first + int64(i))
	}
	if f.fail == "bulk" {
		return 0, errFake
	}
	return f.fill(part, start, samples), nil
}

func (f *fakeCalls) BulkFromStart() bool { return f.fromStart }

// request makes room for segments.
func request(t *testing.T, down driver.DownsampleMode, ratio, first, last, start, samples int64, sources ...scope.Source) scope.Fetch {
	t.Helper()
	req := scope.Fetch{Part: scope.Part{Down: down, Ratio: ratio}, Sources: sources, First: first, Last: last, Start: start, Samples: samples}
	room := func(s scope.Source) []byte {
		n := int(req.Groups())
		if !s.Digital {
			n *= 2
		}
		b, err := dynlib.NewBuffer[uint8](n)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(b.Free)
		return b.Slice()
	}
	for range last - first + 1 {
		var row []scope.Memory
		for _, s := range sources {
			m := scope.Memory{High: room(s)}
			if down == driver.DownsampleAggregate {
				m.Low = room(s)
			}
			row = append(row, m)
		}
		req.Memory = append(req.Memory, row)
	}
	return req
}

func TestFetcher(t *testing.T) {
	t.Parallel()
	a, c, port := scope.Source{}, scope.Source{Index: 2}, scope.Source{Index: 1, Digital: true}
	for _, tc := range []struct {
		name  string
		calls fakeCalls
		req   scope.Fetch
		want  string // the calls, with how often
	}{
		{"one segment", fakeCalls{}, request(t, driver.DownsampleNone, 1, 3, 3, 5, 20, a, c), "one 1"},
		{"two of them", fakeCalls{}, request(t, driver.DownsampleNone, 1, 0, 1, 0, 20, a, c, port), "bulk 1"},
		{"with the smallest", fakeCalls{}, request(t, driver.DownsampleAggregate, 4, 2, 5, 0, 40, port, a), "bulk 1"},
		{"in the middle", fakeCalls{}, request(t, driver.DownsampleNone, 1, 2, 5, 8, 40, port, a), "bulk 1"},
		{"in the middle, one by one", fakeCalls{fromStart: true}, request(t, driver.DownsampleNone, 1, 2, 5, 8, 40, port, a), "one 4"},
		{"more than are registered at once", fakeCalls{}, request(t, driver.DownsampleNone, 1, 0, 1030, 0, 2, a, c), "bulk 3"},
		{"a last one alone", fakeCalls{}, request(t, driver.DownsampleNone, 1, 0, 1024, 0, 2, a), "bulk 1, one 1"},
		{"more of ports than scratch", fakeCalls{}, request(t, driver.DownsampleAggregate, 1, 0, 4, 0, mostScratch/4, port), "bulk 2, one 1"},
		{"one of a port that is more than scratch", fakeCalls{}, request(t, driver.DownsampleNone, 1, 0, 1, 0, mostScratch+1, port), "one 2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var f Fetcher
			defer f.Free()
			over, err := f.Fetch(&tc.calls, tc.req)
			if err != nil {
				t.Fatal(err)
			}
			if got := counted(tc.calls.calls); got != tc.want || tc.calls.forgets != len(tc.calls.calls) || tc.calls.most > mostBuffers {
				t.Errorf("calls %s, %d times forgotten, %d buffers at once", got, tc.calls.forgets, tc.calls.most)
			}
			for i, word := range over {
				if word != uint32(0x8000+tc.req.First+int64(i)) {
					t.Fatalf("over-range mask %d is 0x%X", i, word)
				}
			}
			verify(t, tc.req)
		})
	}
}

// verify wants the fake's samples.
func verify(t *testing.T, req scope.Fetch) {
	t.Helper()
	for i, row := range req.Memory {
		for k, m := range row {
			for g := range req.Groups() {
				want := int16(req.Start/req.Part.Ratio + g + 1000*(req.First+int64(i)) + 100*int64(req.Sources[k].Index))
				good := req.Sources[k].Digital && m.High[g] == byte(want) && (m.Low == nil || m.Low[g] == byte(want/2))
				if !req.Sources[k].Digital {
					good = int16(binary.NativeEndian.Uint16(m.High[2*g:])) == want && (m.Low == nil || int16(binary.NativeEndian.Uint16(m.Low[2*g:])) == want/2)
				}
				if !good {
					t.Fatalf("segment %d, source %d, sample %d is wrong", req.First+int64(i), k, g)
				}
			}
		}
	}
}

// counted joins equal neighbours.
func counted(calls []string) string {
	var out []string
	for i := 0; i < len(calls); {
		n := 1
		for i+n < len(calls) && calls[i+n] == calls[i] {
			n++
		}
		out = append(out, calls[i]+" "+string(rune('0'+n)))
		i += n
	}
	return strings.Join(out, ", ")
}

// TestFetchFails: whatever goes wrong, the library forgets what it was given; if it does not, that is told first.
func TestFetchFails(t *testing.T) {
	t.Parallel()
	a, port := scope.Source{}, scope.Source{Digital: true}
	for _, tc := range []struct {
		name  string
		calls fakeCalls
		last  int64
		want  string
		calld int
	}{
		{"a buffer is refused", fakeCalls{fail: "register"}, 0, "refuses", 0},
		{"one segment is refused", fakeCalls{fail: "values"}, 0, "refuses", 1},
		{"several are refused", fakeCalls{fail: "bulk"}, 3, "refuses", 1},
		{"one comes short", fakeCalls{short: 1}, 0, "9 samples of segments 0 to 0, from sample 0 on, instead of 10", 1},
		{"several come short", fakeCalls{short: 3}, 2, "7 samples", 1},
		{"more come", fakeCalls{short: -1}, 2, "11 samples", 1},
		{"it does not forget", fakeCalls{fail: "forget"}, 2, "refuses", 1},
		{"it comes short and does not forget", fakeCalls{fail: "forget", short: 1}, 2, "refuses", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var f Fetcher
			defer f.Free()
			_, err := f.Fetch(&tc.calls, request(t, driver.DownsampleNone, 1, 0, tc.last, 0, 10, port, a))
			if err == nil || !strings.Contains(err.Error(), tc.want) || tc.calls.fail != "" && !errors.Is(err, errFake) {
				t.Errorf("got %v", err)
			}
			if len(tc.calls.calls) != tc.calld || tc.calls.forgets != 1 {
				t.Errorf("calls %v, %d times forgotten", tc.calls.calls, tc.calls.forgets)
			}
			if kept := tc.calls.fail == "forget"; kept != (len(f.kept) > 0) || kept && f.scratch != nil {
				t.Errorf("kept %d buffers, scratch %v", len(f.kept), f.scratch)
			}
		})
	}
	odd := request(t, driver.DownsampleNone, 1, 0, 0, 0, 11, a)
	odd.Memory[0][0].High, odd.Samples = odd.Memory[0][0].High[1:21], 10
	var f Fetcher
	calls := &fakeCalls{}
	if _, err := f.Fetch(calls, odd); err == nil || len(calls.given) != 0 || calls.forgets != 0 {
		t.Errorf("memory at an odd address: %v", err)
	}
}

// TestForgetsLater: what the library has not forgotten is asked back before it gets more, and when nothing is to follow.
func TestForgetsLater(t *testing.T) {
	t.Parallel()
	a, port := scope.Source{}, scope.Source{Index: 1, Digital: true}
	for _, settle := range []bool{false, true} {
		var f Fetcher
		defer f.Free()
		calls := &fakeCalls{fail: "forget"}
		req := request(t, driver.DownsampleNone, 1, 0, 2, 0, 10, port, a)
		for range 3 {
			if _, err := f.Fetch(calls, req); !errors.Is(err, errFake) {
				t.Fatalf("got %v", err)
			}
		}
		if err := f.Settle(calls); !errors.Is(err, errFake) {
			t.Fatalf("settle: %v", err)
		}
		if len(calls.given) != 6 || len(calls.calls) != 1 || calls.forgets != 4 {
			t.Errorf("the library has %d buffers behind %d fetches, was asked back %d times", len(calls.given), len(calls.calls), calls.forgets)
		}
		calls.fail = ""
		if settle {
			if err := f.Settle(calls); err != nil || len(calls.given) != 0 || len(f.kept) != 0 {
				t.Errorf("settled: %v, %d buffers, %d kept", err, len(calls.given), len(f.kept))
			}
		}
		if _, err := f.Fetch(calls, req); err != nil || len(calls.given) != 0 || len(f.kept) != 0 {
			t.Errorf("fetch: %v, %d buffers, %d kept", err, len(calls.given), len(f.kept))
		}
		verify(t, req)
	}
}
