package recording

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOpenOverview(t *testing.T) {
	t.Parallel()
	const bins = 200
	run, err := Create(t.TempDir(), "ov", Options{})
	if err != nil {
		t.Fatal(err)
	}
	dev, err := run.AddDevice(DeviceInfo{Name: "cell", Driver: "sim", RawInterval: Fraction{1, 1000}, Streams: []StreamInfo{{Channel: "A", Datatype: Uint8, Global: Global{Scale: 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := dev.StartEpoch(Epoch{Cause: "start"}); err != nil {
		t.Fatal(err)
	}
	p := make([]byte, OverviewBin)
	var want []OverviewRow
	for bin := range int64(bins) {
		if bin%10 == 3 {
			if err := dev.Gap(0, Gap{Cause: CauseRingFull, Lost: OverviewBin, Exact: true}); err != nil {
				t.Fatal(err)
			}
			continue
		}
		p[500] = byte(bin)
		if err := dev.Append(0, bin*OverviewBin, p, Now()); err != nil {
			t.Fatal(err)
		}
		want = append(want, OverviewRow{Bin: bin, Max: float64(bin), N: OverviewBin})
	}
	if err := dev.Finish(context.Background(), SealStop, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := run.Close(End{}); err != nil {
		t.Fatal(err)
	}
	r, err := Open(run.Dir())
	if err != nil {
		t.Fatal(err)
	}
	s := r.Streams()[0]
	o, err := s.OpenOverview(s.Segments()[0], 0)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if o.Rows() != int64(len(want)) {
		t.Errorf("%d rows, want %d", o.Rows(), len(want))
	}
	for _, c := range []struct{ from, to int64 }{{0, bins}, {0, 0}, {3, 4}, {3, 5}, {13, 77}, {bins - 1, bins + 5}, {bins, 1 << 40}, {-5, 2}} {
		var got, some []OverviewRow
		if err := o.Each(c.from, c.to, func(r OverviewRow) { got = append(got, r) }); err != nil {
			t.Fatal(err)
		}
		for _, r := range want {
			if r.Bin >= c.from && r.Bin < c.to {
				some = append(some, r)
			}
		}
		if diff := cmp.Diff(some, got); diff != "" {
			t.Errorf("%v (-want +got)\n%s", c, diff)
		}
	}
	if _, err := s.OpenOverview(s.Segments()[0], 1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a level that is not there: %v", err)
	}
	if err := os.WriteFile(filepath.Join(r.Dir(), OverviewName("cell.A", 1)), NpyHeader(OverviewDescr(Int16), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.OpenOverview(s.Segments()[0], 1); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("rows of another type: %v", err)
	}
}
