package session

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/host"
)

func TestStarvation(t *testing.T) {
	const budget = 2 * time.Second
	type look struct {
		silent, waited time.Duration // waited: of the plugin's thread since it began
		hangs          bool
	}
	for _, tc := range []struct {
		name  string
		looks []look
	}{
		{"makes progress", []look{{0, 0, false}, {time.Second, 0, false}, {0, 0, false}}},
		{"hangs", []look{{time.Second, 5, false}, {1500 * time.Millisecond, 5, false}, {2100 * time.Millisecond, 5, true}}},
		{"hangs, looked at late", []look{{2100 * time.Millisecond, 5, true}}},
		{"gets no processor", []look{{1100 * time.Millisecond, 5, false}, {2500 * time.Millisecond, 1400 * time.Millisecond, false}, {4 * time.Second, 2900 * time.Millisecond, false}}},
		{"hangs on a busy machine", []look{{1100 * time.Millisecond, 0, false}, {2500 * time.Millisecond, 700 * time.Millisecond, false}, {3 * time.Second, 900 * time.Millisecond, true}}},
		{"waited long ago", []look{{1100 * time.Millisecond, time.Hour, false}, {2500 * time.Millisecond, time.Hour, true}}},
		{"not for ever", []look{{1100 * time.Millisecond, 0, false}, {21 * time.Second, 20 * time.Second, true}}},
		{"again after progress", []look{{1100 * time.Millisecond, 0, false}, {0, time.Second, false}, {1100 * time.Millisecond, time.Second, false}, {2500 * time.Millisecond, time.Second, true}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var s starvation
			for i, l := range tc.looks {
				got := s.hangs(l.silent, budget, func() host.CPUWait { return host.CPUWait{"1": l.waited} })
				if got != l.hangs {
					t.Errorf("look %d: hangs is %v", i, got)
				}
			}
		})
	}
}
