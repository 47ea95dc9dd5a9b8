package ringmodel

import (
	"strings"
	"testing"
)

// The memory models under which a fault shows.
var (
	everywhere = []Memory{SC, AMD64, ARM64}
	buffered   = []Memory{AMD64, ARM64} // it takes store buffers
	weak       = []Memory{ARM64}        // it takes stores or loads out of order
)

// TestFaults puts each fault into the protocol. The case beside it finds it under the memory models named, with that complaint, and under the
// others it finds nothing, since the fault is none there.
func TestFaults(t *testing.T) {
	tests := []struct {
		fault Fault
		in    string
		found []Memory
		wrong string
	}{
		{BellBeforeFlag, "stream", everywhere, "the recorder sleeps"},
		{RoomBellBeforeFlag, "block, short queue", everywhere, "the producer sleeps while there is room"},
		{DoorbellLate, "time-outs", everywhere, "the recorder sleeps"},
		{NoFenceIntent, "samples watched", weak, "an observer accepts a wrong sample"},
		{NoFenceCommit, "stream", buffered, "the recorder sleeps"},
		{NoFenceWaiting, "stream", buffered, "the recorder sleeps"},
		{NoFenceRoom, "block", buffered, "the producer sleeps while there is room"},
		{NoFenceProducerWaiting, "block", buffered, "the producer sleeps while there is room"},
		{NoFenceObserver, "samples watched", weak, "an observer accepts a wrong sample"},
		{NoReleaseCommit, "stream", weak, "descriptor has not the sequence number"},
		{FallingIntent, "lent memory watched", everywhere, "an observer accepts a wrong sample"},
		{RPosBeforeWrite, "stream", everywhere, "a wrong sample is written"},
		{RewriteAfterAdoption, "core killed", everywhere, "a wrong sample is written"},
		{AdoptFromDRead, "core killed", everywhere, "have a hole"},
		{DReadBeforeJournal, "core killed", everywhere, "d_read is beyond the journal"},
		{LostWithGap, "producer killed", everywhere, "account of a dead producer"},
		{NoReserve, "short queue", everywhere, "the last batch finds no room"},
		{NoRingBeforeWait, "block", everywhere, "sleep while a batch waits"},
		{NoCommonResume, "unequal counts", everywhere, "the GAPs of one loss end apart"},
		{JournalForgetsEOS, "core killed", everywhere, "the end is not reached"},
		{NoRingAtAttach, "block, core killed", everywhere, "the producer sleeps while there is room"},
		{NoLookBeforeSleep, "block, gathered", everywhere, "the producer sleeps while there is room"},
	}
	sum := explored(t)
	tested := map[Fault]bool{}
	for _, tt := range tests {
		tested[tt.fault] = true
		t.Run(tt.fault.String(), func(t *testing.T) {
			t.Parallel()
			c := caseByName(t, tt.in)
			for _, mem := range Memories {
				r := Explore(c, mem, tt.fault, 1_000_000)
				sum.Add(int64(r.States))
				want := ""
				for _, m := range tt.found {
					if m == mem {
						want = tt.wrong
					}
				}
				if r.Cut || (want == "") != (r.Wrong == "") || !strings.Contains(r.Wrong, want) {
					t.Errorf("%s: found %q, want %q", mem, r.Wrong, want)
				}
				if r.Wrong != "" && (len(r.Trace) == 0 || r.Trace[len(r.Trace)-1] == "") {
					t.Errorf("%s: no trace: %q", mem, r.Trace)
				}
			}
		})
	}
	for f := NoFault + 1; f < numFaults; f++ {
		if !tested[f] {
			t.Errorf("fault %q has no row", f)
		}
	}
}

// TestDescriptorFaults: the fences for observers matter for descriptors as for samples.
func TestDescriptorFaults(t *testing.T) {
	for _, f := range []Fault{NoFenceIntent, NoFenceObserver} {
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			r := Explore(caseByName(t, "descriptors watched"), ARM64, f, 1_000_000)
			if want := "an observer accepts a wrong descriptor"; r.Wrong != want {
				t.Errorf("found %q, want %q", r.Wrong, want)
			}
		})
	}
}
