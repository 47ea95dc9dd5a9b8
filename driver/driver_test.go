package driver

import (
	"errors"
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/units"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	ns := func(n int64) units.Interval { return units.Seconds(n, 1e9) }
	limit := RateLimit{Spans: []IntervalSpan{{First: ns(1), Last: ns(1)}, {First: ns(2), Last: ns(2)}, {First: ns(4), Last: ns(32)}, {First: ns(40), Last: ns(400), Step: ns(8)}}}
	for _, c := range []struct {
		name  string
		want  units.Interval
		got   units.Interval
		exact bool
	}{
		{"below the first", units.Seconds(1, 2e9), ns(1), false},
		{"hit", ns(2), ns(2), true},
		{"between two", ns(3), ns(2), false},
		{"anything inside", units.Seconds(16, 3e9), units.Seconds(16, 3e9), true},
		{"step", ns(48), ns(48), true},
		{"step rounded", ns(51), ns(48), false},
		{"beyond the last", ns(1000), ns(400), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, exact, ok := limit.Nearest(c.want)
			if !ok || got.Cmp(c.got.Rational) != 0 || exact != c.exact {
				t.Errorf("nearest to %v: %v, exact %v, ok %v; want %v, %v", c.want, got, exact, ok, c.got, c.exact)
			}
		})
	}
	if _, _, ok := (RateLimit{}).Nearest(ns(1)); ok {
		t.Error("an empty limit has a nearest interval")
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	m := ModeCapabilities{Rates: []RateLimit{{MaxChannels: 1, Limit: "one"}, {MaxChannels: 4, Digital: 1, Limit: "analog"}, {Bits: 8, Limit: "8 bit"}}}
	for _, c := range []struct {
		channels, bits int
		digital        bool
		want           string
	}{{1, 8, true, "one"}, {2, 8, false, "analog"}, {2, 8, true, "8 bit"}, {8, 8, false, "8 bit"}, {8, 12, false, ""}} {
		if l, _ := m.Limit(c.channels, c.bits, c.digital); l.Limit != c.want {
			t.Errorf("%d channels, %d bit, digital %v: %q, want %q", c.channels, c.bits, c.digital, l.Limit, c.want)
		}
	}
}

func TestErrorKinds(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	err := fmt.Errorf("device cell: %w", Errorf(KindBusy, "open", "in use by another program: %w", cause))
	if !errors.Is(err, &Error{Kind: KindBusy}) || errors.Is(err, &Error{Kind: KindPermanent}) {
		t.Error("errors.Is does not go by the kind")
	}
	if KindOf(err) != KindBusy || KindOf(cause) != KindPermanent || !errors.Is(err, cause) {
		t.Error("kind or cause is lost")
	}
	e := &Error{Op: "configure", Message: "refused", Status: Status{Call: "ps5000aSetChannel", Code: 0x0d, Name: "PICO_INVALID_PARAMETER"}}
	if want := "configure: refused (ps5000aSetChannel: 0x0000000d PICO_INVALID_PARAMETER)"; e.Error() != want {
		t.Errorf("got %q, want %q", e.Error(), want)
	}
}
