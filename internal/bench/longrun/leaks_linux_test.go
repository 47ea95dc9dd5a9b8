package longrun

import (
	"strings"
	"testing"
)

// TestLeaks lets every plugin open its unit some times, in the long form a thousand.
func TestLeaks(t *testing.T) {
	o := LeakOptions{Options: Options{Bin: bin, Out: t.TempDir()}, Times: 30}
	if long {
		o.Times = 0
	}
	rep, err := Leaks(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := rep.Print(testLog{t}); err != nil {
		t.Fatal(err)
	}
	for _, p := range rep.Problems() {
		t.Error(p)
	}
}

// TestLeakProblems: memory that grows a little each time is found, in the short form too; a heap that comes and goes is none; too few looks tell nothing.
func TestLeakProblems(t *testing.T) {
	const kib = 1 << 10
	for _, c := range []struct {
		name  string
		times int
		anon  func(i int) int
		want  string
	}{
		{"comes and goes", 30, func(i int) int { return 8000*kib + i%3*100*kib }, ""},
		{"grows", 30, func(i int) int { return 8000*kib + i*80*kib }, "81920 bytes a time"},
		{"grows in the long form", 1000, func(i int) int { return 8000*kib + i*6*kib }, "private memory grows"},
		{"large, and grows", 30, func(i int) int { return 800_000*kib + i*200*kib }, "private memory grows"},
		{"too few", 11, func(int) int { return 8000 * kib }, "11 looks tell nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := watched{name: "p"}
			for i := range c.times {
				p.looks = append(p.looks, look{anon: int64(c.anon(i)), fds: 15, goroutines: 7})
			}
			all := strings.Join((&LeakReport{procs: []watched{p}}).Problems(), "\n")
			if (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("%q, want %q", all, c.want)
			}
		})
	}
}
