package native

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/dynlib"
	"github.com/scopelog/scopelog/picosdk/internal/loop"
	"github.com/scopelog/scopelog/picosdk/scope"
)

func TestInputOf(t *testing.T) {
	t.Parallel()
	raw, low := scope.Part{Down: driver.DownsampleNone, Ratio: 1}, scope.Part{Down: driver.DownsampleAggregate, Ratio: 7}
	for _, c := range []struct {
		name   string
		parts  []scope.Part
		stream scope.LoopStream
		want   int // -1: an error
	}{
		{"raw", []scope.Part{raw}, scope.LoopStream{Source: 1, Kind: driver.StreamRaw}, 1},
		{"reduced by the unit", []scope.Part{low}, scope.LoopStream{Source: 2, Kind: driver.StreamMax}, 2},
		{"beside raw", []scope.Part{raw, low}, scope.LoopStream{Source: 2, Kind: driver.StreamMin}, 5},
		{"raw beside", []scope.Part{raw, low}, scope.LoopStream{Source: 2, Kind: driver.StreamRaw}, 2},
		{"reduced by the loop", []scope.Part{raw}, scope.LoopStream{Source: 0, Kind: driver.StreamMin, Host: true}, 0},
		{"raw that nobody brings", []scope.Part{low}, scope.LoopStream{Kind: driver.StreamRaw}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := InputOf(scope.RunPlan{Sources: make([]scope.Source, 3), Parts: c.parts}, c.stream)
			if (err != nil) != (c.want < 0) || err == nil && got != c.want {
				t.Errorf("got %d, %v; want %d", got, err, c.want)
			}
		})
	}
}

// TestPlan: what the loop in C is told.
func TestPlan(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	var got loop.Common
	plan := scope.LoopPlan{
		Run: scope.RunPlan{Sources: make([]scope.Source, 2), Parts: []scope.Part{{Down: driver.DownsampleNone, Ratio: 1}}}, FD: 5, Bytes: 77,
		Streams: []scope.LoopStream{
			{Lane: 3, Source: 0, Kind: driver.StreamRaw, Ratio: 1},
			{Lane: 4, Source: 1, Kind: driver.StreamMax, Ratio: 9, Digital: true, Host: true},
		},
	}
	if _, err := New(plan, "fake", 2, func(c loop.Common) (*loop.Loop, error) { got = c; return nil, refused }); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	want := []loop.Stream{
		{Lane: 3, Input: 0, Kind: loop.Raw, Format: loop.Int16}, {Lane: 4, Input: 1, Kind: loop.Max, Format: loop.Uint8, Digital: true},
	}
	if !slices.Equal(got.Streams, want) || got.Ratio != 9 || got.RingFD != 5 || got.RingBytes != 77 || got.Handle != 2 || !got.HoldOnPower {
		t.Errorf("got %+v", got)
	}
}

// TestAdd: the counters of loops one after another are one sum, or the largest.
func TestAdd(t *testing.T) {
	t.Parallel()
	c := loop.Counters{
		Polls: 1, Deliveries: 2, Samples: 3, Waiting: 4, Stalls: 5, Jumps: 6, Uneven: 7, Batches: 8, Dropped: 9, Suspicious: []uint64{10, 20},
		LongestPoll: 11, LargestPollGap: 12,
	}
	got := add(scope.Counters{
		Polls: 100, Deliveries: 100, Samples: 100, Starved: 100, Stalls: 100, Jumps: 100, Uneven: 100, Batches: 100, Dropped: 100, Suspicious: 100,
		LongestPoll: 1, LargestPollGap: 100,
	}, c)
	want := scope.Counters{
		Polls: 101, Deliveries: 102, Samples: 103, Starved: 104, Stalls: 105, Jumps: 106, Uneven: 107, Batches: 108, Dropped: 109, Suspicious: 130,
		LongestPoll: 11, LargestPollGap: 100,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	got := onThisSystem([]string{"libx.so.2", "libx.so", "libx.dylib", "x.dll"})
	want := map[string][]string{"darwin": {"libx.dylib"}, "windows": {"x.dll"}}[runtime.GOOS]
	if want == nil {
		want = []string{"libx.so.2", "libx.so"}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestOpenErrors: hosts show a message as one line, and advice that helps.
func TestOpenErrors(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "libx.so.2")
	if err := os.WriteFile(bad, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, advice string
		req          scope.LoadRequest
	}{
		{"nowhere", "", scope.LoadRequest{Name: "libnosuchthing.so.9"}},
		{"not at the path", "Check the path.", scope.LoadRequest{Path: "/nowhere/libx.so.2"}},
		{"no library", "", scope.LoadRequest{Path: bad}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Open(c.req, Symbols{Names: []string{"libx.so.2", "libx.so"}})
			var e *driver.Error
			if !errors.As(err, &e) || e.Kind != driver.KindNoLibrary || strings.Contains(e.Message+e.Advice, "\n") {
				t.Fatalf("got %#v", err)
			}
			if errors.Is(err, dynlib.ErrNoBinding) {
				if e.Advice == "" {
					t.Error("no advice")
				}
				return // this build has no binding
			}
			if e.Advice != c.advice {
				t.Errorf("advice %q, want %q", e.Advice, c.advice)
			}
		})
	}
}
