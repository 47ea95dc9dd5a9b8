package shmring

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPendingGaps(t *testing.T) {
	full := func(n uint64) gap { return gap{count: n, cause: CauseRingFull} }
	driver := func(n uint64) gap { return gap{count: n, cause: CauseDriver} }
	usb := func(n uint64) gap { return gap{count: n, cause: CauseUSB} }
	open := func(c Cause) gap { return gap{cause: c, unknown: true} }
	for _, c := range []struct {
		name string
		in   []gap
		want []gap
	}{
		{"one", []gap{full(3)}, []gap{full(3)}},
		{"neighbours of one cause are one", []gap{full(3), full(4), full(5)}, []gap{full(12)}},
		{"two causes", []gap{full(3), driver(4), driver(1)}, []gap{full(3), driver(5)}},
		{"the third goes into the second", []gap{full(3), driver(4), usb(5), full(6)}, []gap{full(3), {count: 15, cause: CauseUnknown}}},
		{"no count beside a count of the same cause", []gap{driver(3), open(CauseDriver)}, []gap{driver(3), open(CauseDriver)}},
		{"uncounted are one", []gap{open(CauseDriver), open(CauseDriver)}, []gap{open(CauseDriver)}},
		{"uncounted in front, two counted behind", []gap{open(CauseUSB), full(3), driver(2)}, []gap{open(CauseUSB), {count: 5, cause: CauseUnknown}}},
		{"a count joins the counted in front", []gap{full(3), open(CauseUSB), full(2)}, []gap{full(5), open(CauseUSB)}},
		{"uncounted behind two counted", []gap{full(3), driver(2), open(CauseUSB)}, []gap{{count: 5, cause: CauseUnknown}, open(CauseUSB)}},
		{"counted behind two uncounted", []gap{open(CauseUSB), open(CauseDriver), full(9)}, []gap{open(CauseUnknown), full(9)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var q pendingGaps
			var counted uint64
			for _, g := range c.in {
				q.add(g)
				counted += g.count
			}
			if diff := cmp.Diff(c.want, q.g[:q.n], cmp.AllowUnexported(gap{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if q.counted() != counted {
				t.Errorf("%d samples, want %d", q.counted(), counted)
			}
		})
	}
}
