package ringmodel

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// long reports if the minutes-long form of the tests is wanted.
func long() bool { return os.Getenv("SCOPELOG_LONG") == "1" }

// explored adds up the states of all parallel cases of a test and prints the sum at its end.
func explored(t *testing.T) *atomic.Int64 {
	var sum atomic.Int64
	t.Cleanup(func() { t.Logf("%d states explored", sum.Load()) })
	return &sum
}

func report(t *testing.T, r Result) {
	t.Helper()
	t.Errorf("%s\nafter:\n  %s", r.Wrong, strings.Join(r.Trace, "\n  "))
}

func eachMemory(t *testing.T, cases []Case, memories []Memory, do func(t *testing.T, c Case, mem Memory)) {
	for _, c := range cases {
		for _, mem := range memories {
			t.Run(fmt.Sprintf("%s/%s", c.Name, mem), func(t *testing.T) {
				t.Parallel()
				do(t, c, mem)
			})
		}
	}
}

// TestProtocol: in no order of accesses is any rule broken. The short form leaves amd64 out: whatever it does arm64 may do as well.
func TestProtocol(t *testing.T) {
	sum := explored(t)
	cases, memories, limit := Cases(), []Memory{SC, ARM64}, 1_000_000
	if long() {
		cases, memories, limit = append(cases, LargeCases()...), Memories, 60_000_000
	}
	eachMemory(t, cases, memories, func(t *testing.T, c Case, mem Memory) {
		r := Explore(c, mem, NoFault, limit)
		sum.Add(int64(r.States))
		t.Logf("%d states", r.States)
		switch {
		case r.Wrong != "":
			report(t, r)
		case r.Cut:
			t.Errorf("more than %d states: too large a case", limit)
		}
	})
}

// TestWalks: nor in random schedules of larger cases.
func TestWalks(t *testing.T) {
	walks := uint64(100)
	if long() {
		walks = 64_000
	}
	sum := explored(t)
	eachMemory(t, WalkCases(), Memories, func(t *testing.T, c Case, mem Memory) {
		for seed := range walks {
			r := Walk(c, mem, NoFault, seed)
			sum.Add(int64(r.States))
			if r.Wrong != "" {
				report(t, r)
				t.Fatalf("in schedule %d", seed)
			}
		}
	})
}

// TestReduction: leaving out what cannot matter changes no verdict.
func TestReduction(t *testing.T) {
	small := []string{"stream", "producer killed", "block", "samples watched"}
	faults := []Fault{NoFault, NoFenceCommit, NoFenceIntent, RPosBeforeWrite}
	if long() {
		small = nil
		for _, c := range Cases() {
			small = append(small, c.Name)
		}
		faults = nil
		for f := range numFaults {
			faults = append(faults, f)
		}
	}
	for _, name := range small {
		c := caseByName(t, name)
		for _, f := range faults {
			t.Run(name+"/"+f.String(), func(t *testing.T) {
				t.Parallel()
				for _, mem := range []Memory{AMD64, ARM64} {
					reduced := explore(&model{c: &c, mem: mem, fault: f}, 10_000_000)
					full := explore(&model{c: &c, mem: mem, fault: f, full: true}, 10_000_000)
					if (reduced.Wrong == "") != (full.Wrong == "") || reduced.Cut || full.Cut {
						t.Errorf("%s: reduced %q, full %q", mem, reduced.Wrong, full.Wrong)
					}
				}
			})
		}
	}
}

func caseByName(t *testing.T, name string) Case {
	t.Helper()
	for _, c := range Cases() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no case %q", name)
	return Case{}
}

func TestExploreStopsAtItsLimit(t *testing.T) {
	if r := Explore(Cases()[0], SC, NoFault, 100); !r.Cut || r.States < 100 {
		t.Errorf("got %+v, want a cut after 100 states", r)
	}
}
