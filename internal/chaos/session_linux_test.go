package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// TestTimeIsOver: a trial that was broken off does not count; one that was carried out to its end does, with what was found in it, also when the time is
// over by then. Either leaves nothing outside of its folder.
func TestTimeIsOver(t *testing.T) {
	for _, c := range []struct {
		name  string
		act   func(t *trial) error
		tried int
	}{
		{"broken off", func(t *trial) error { t.fail("half of it"); return t.sleep(patience) }, 0},
		{"carried out, and wrong", func(t *trial) error { t.fail("a fault"); return nil }, 1},
		{"failed", func(*trial) error { return errors.New("it does not come") }, 1},
		{"carried out, and well", func(*trial) error { return nil }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			runtime := ""
			k := kind{name: "over", act: func(t *trial) error {
				t.nothing, runtime = true, t.place.Runtime
				if err := os.WriteFile(filepath.Join(runtime, "left"), nil, 0o600); err != nil {
					return err
				}
				cancel()
				return c.act(t)
			}}
			s := &session{o: options{out: t.TempDir()}, env: &environment{programs: stage.Programs{}}, out: io.Discard}
			s.try(ctx, ticket{k, 1})
			if len(s.tried) != c.tried {
				t.Errorf("%d trials count", len(s.tried))
			}
			if _, err := os.Stat(runtime); runtime == "" || !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%q is left: %v", runtime, err)
			}
		})
	}
}

// TestSoon: where it must record again within seconds, no time at all is as wrong as a long one.
func TestSoon(t *testing.T) {
	for _, c := range []struct {
		quick   bool
		recover []float64
		want    string
	}{
		{true, nil, "is not known"},
		{true, []float64{1, slowest + 1}, "it took 11.0 s"},
		{true, []float64{1}, ""},
		{false, nil, ""},
	} {
		tr := &trial{quick: c.quick, recover: c.recover}
		tr.soon()
		if all := strings.Join(tr.wrong, "\n"); (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
			t.Errorf("%+v: %q", c, all)
		}
	}
}
