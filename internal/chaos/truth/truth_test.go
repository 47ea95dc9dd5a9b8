package truth

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/scopelog/scopelog/emulator"
)

// TestProofValues: the first values of known units, computed by hand from the description.
func TestProofValues(t *testing.T) {
	p, err := NewProof("EMU54/001", "A", 8, -32512, 32512)
	if err != nil {
		t.Fatal(err)
	}
	samples := make([]int64, 64)
	for i := range samples {
		samples[i] = p.At(int64(i) + 12_345)
		if v := samples[i]; v < -32512 || v > 32512 || v%256 != 0 && v != -32512 && v != 32512 {
			t.Fatalf("value %d", v)
		}
	}
	for _, c := range []struct {
		name        string
		n           int
		want, reach int64
		index       int64
		ok          bool
	}{
		{"at once", 64, 12_345, 0, 12_345, true},
		{"behind", 64, 12_000, 1000, 12_345, true},
		{"before", 64, 13_000, 1000, 12_345, true},
		{"too far", 64, 14_000, 1000, 0, false},
		{"too few to search", 7, 12_000, 1000, 0, false},
		{"few, and right", 3, 12_345, 0, 12_345, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if index, ok := p.Locate(samples[:c.n], c.want, c.reach); index != c.index || ok != c.ok {
				t.Errorf("%d, %v", index, ok)
			}
		})
	}
	if _, err := NewProof("x", "EXT", 8, 0, 0); err == nil {
		t.Error("a trigger input has a signal")
	}
}

// TestEmulated reads the log of a unit whose process died once.
func TestEmulated(t *testing.T) {
	rig, err := emulator.NewRig(t.TempDir(), "[unit U]\nmodel = 5444D\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(rig.Path("U", "truth.log")), 0o700); err != nil {
		t.Fatal(err)
	}
	text := `t=0.018 pid=1 event=run run=1 interval_fs=5000000000 channels=0x3 bits=8 mode=0x1 ratio=1 auto_stop=0 start_ns=1000 counter=3
t=0.020 pid=1 event=stopped run=1 counter=3 raw=0 delivered=0 dropped=0
t=0.041 pid=1 event=run run=2 interval_fs=5000000000 channels=0x3 bits=8 mode=0x1 ratio=1 auto_stop=0 start_ns=5001000 counter=1003
t=0.734 pid=2 event=run-cut run=2 counter=1003 raw=104000 delivered=99998 dropped=7 interval_fs=5000000000
`
	if err := os.WriteFile(rig.Path("U", "truth.log"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	u, err := Emulated(rig, "U", 0)
	if err != nil {
		t.Fatal(err)
	}
	want := Run{PID: 1, StartNS: 5_001_000, Counter: 1003, Handed: 100_005, Lost: 7, Sure: true}
	if len(u.Runs) != 2 || u.Runs[1] != want || u.IntervalNS != 5000 {
		t.Errorf("%+v", u)
	}
	if u.RunAt(999) != -1 || u.RunAt(5_000_999) != 0 || u.RunAt(5_001_000) != 1 || u.CounterAt(5_011_000) != 1005 {
		t.Errorf("run at, counter at")
	}
}

// TestSimulated reads the log of a simulated unit that was started twice.
func TestSimulated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "truth")
	text := `{"event":"start","mono_ns":1000000,"serial":"S1","pid":14,"interval_s":"0.00001","streams":["A.raw"]}
{"event":"state","mono_ns":2000000,"hardware":100000,"epoch":100000,"lost_told":3,"lost_vague":0,"lost_silent":4,"pushed":[99993]}
{"event":"start","mono_ns":3000000,"serial":"S1","pid":15,"interval_s":"1/100000","streams":["A.raw"]}
{"event":"stop","mono_ns":4000000,"hardware":98084,"epoch":98084,"lost_told":0,"lost_vague":0,"lost_silent":0,"pushed":[98084,9808]}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	u, err := Simulated(path, "S1", 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []Run{{PID: 14, StartNS: 1_000_000, Handed: 100_000, Lost: 7}, {PID: 15, StartNS: 3_000_000, Counter: 200, Handed: 98_084, Sure: true}}
	if len(u.Runs) != 2 || u.Runs[0] != want[0] || u.Runs[1] != want[1] {
		t.Errorf("%+v", u.Runs)
	}
	for _, bad := range []string{"{", `{"event":"stop"}`, `{"event":"start","interval_s":"x"}`} {
		if err := os.WriteFile(path, []byte(bad+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Simulated(path, "S1", 0); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}
