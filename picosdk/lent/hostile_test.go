//go:build linux && cgo

package lent

import (
	"errors"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
)

// TestHostile: nothing is read on the word of a library that says what cannot be, and the loop ends with a reason in words.
func TestHostile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		lie  looptest.Tamper
		want string
	}{
		{"negative count", looptest.Tamper{Samples: -1}, "told of -1 samples for input 1, whose buffer has 100"},
		{"most negative count", looptest.Tamper{Samples: -1 << 31, Start: -1 << 31}, "-2147483648 samples"},
		{"more than the buffer", looptest.Tamper{Samples: 101}, "101 samples"},
		{"beyond the end", looptest.Tamper{Samples: 60, Start: 41}, "60 samples for input 1 from index 41 on, beyond the end"},
		{"negative start", looptest.Tamper{Samples: 1, Start: -1}, "from index -1 on"},
		{"largest start", looptest.Tamper{Samples: 1, Start: 1<<31 - 1}, "from index 2147483647 on"},
		{"hole in the buffer", looptest.Tamper{Samples: 1, Start: 61}, "from index 61 of the buffer on, where index 60 was next"},
		{"samples again", looptest.Tamper{Samples: 1, Start: 59}, "from index 59 of the buffer on"},
		{"next buffer not at its front", looptest.Tamper{Samples: 1, Buffer: 1, Start: 1}, "from index 1 of the buffer on, where index 0 was next"},
		{"buffer left out", looptest.Tamper{Samples: 1, Buffer: 2}, "in buffer 2, right after buffer 0"},
		{"buffer never given", looptest.Tamper{Samples: 1, Buffer: 3}, "in buffer 3, but was given only 3"},
		{"largest buffer", looptest.Tamper{Samples: 1, Buffer: 1<<64 - 1}, "was given only 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 2, 100, looptest.Lane{})
			tt.lie.Input = 1
			r.fake.LentScript(t, []looptest.LentStep{step(40, 40), step(20, 20), {Tamper: &tt.lie}}, 1, 0, false)
			result := wait(t, r.start(t))
			if result.Reason != ReasonProtocol || !strings.Contains(result.Fault, tt.want) || result.Samples != 60 {
				t.Errorf("result %+v, want %q", result, tt.want)
			}
			r.judge.Drain(t)
			r.judge.Compare(t, 1, looptest.Signals(1, 60, 2))
		})
	}
}

// TestBack: a buffer that was left does not come again.
func TestBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 100, looptest.Lane{})
	r.fake.LentScript(t, []looptest.LentStep{step(100), step(50), {Tamper: &looptest.Tamper{Samples: 1, Buffer: 0}}}, 1, 0, false)
	result := wait(t, r.start(t))
	if result.Reason != ReasonProtocol || !strings.Contains(result.Fault, "in buffer 0 again") {
		t.Errorf("result %+v", result)
	}
	r.judge.Drain(t)
	r.judge.Compare(t, 0, looptest.Signals(0, 150, 2))
}

// TestRefusedBuffer: a library that refuses a buffer ends the loop, and before the run Register.
func TestRefusedBuffer(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 100, looptest.Lane{})
	r.cfg.Handle = 32767 // no unit has it
	var status *StatusError
	if err := Register(r.cfg); !errors.As(err, &status) || status.Call != "SetDataBuffer" || status.Status != 0x0c {
		t.Errorf("register: %v", err)
	}
	r.cfg.Handle = r.fake.Handle
	if err := Register(r.cfg); err != nil {
		t.Fatal(err)
	}
	r.cfg.Inputs[0].VendorMode = 1 // unknown to the library
	r.fake.LentScript(t, []looptest.LentStep{step(10)}, 100, 0, false)
	l, err := Start(r.cfg)
	if err != nil {
		t.Fatal(err)
	}
	if result := wait(t, l); result.Reason != ReasonFailed || result.Call != "SetDataBuffer" || result.Status != 0x0d {
		t.Errorf("result %+v", result)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	r.judge.Drain(t)
}
