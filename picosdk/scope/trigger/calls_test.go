package trigger

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/picosdk"
)

// TestCalls: arming ends at a refusal and clears, clearing goes on.
func TestCalls(t *testing.T) {
	const refusal, warning = picosdk.StatusInvalidParameter, picosdk.Status(0x33)
	if !warning.IsWarning() {
		t.Fatal("the conflict of external thresholds is no warning")
	}
	clearing := errors.New("cannot be cleared")
	for _, c := range []struct {
		name    string
		answers []picosdk.Status // of the calls 1, 2, ...
		clears  []error          // of the times that everything is cleared
		clear   bool             // the calls are those that clear, the third of them pins
		made    string
		call    string // named by the error; empty: there is none
		lasts   error  // is in the error, too
	}{
		{"arm", []picosdk.Status{0, 0, 0}, nil, false, "clear 1 2 3", "", nil},
		{"arm with a remark", []picosdk.Status{0, warning, 0}, nil, false, "clear 1 2 3", "", nil},
		{"arm is refused", []picosdk.Status{0, refusal, 0}, nil, false, "clear 1 2 clear", "fake2", nil},
		{"the rest cannot be cleared", []picosdk.Status{refusal, 0}, []error{nil, clearing}, false, "clear 1 clear", "fake1", clearing},
		{"the old one cannot be cleared", []picosdk.Status{0}, []error{clearing}, false, "clear clear", "", clearing},
		{"clear", []picosdk.Status{0, 0}, nil, true, "1 2", "", nil},
		{"clear what is not there", []picosdk.Status{picosdk.StatusNotUsed, 0}, nil, true, "1 2", "", nil},
		{"clear with a remark", []picosdk.Status{warning, 0}, nil, true, "1 2", "", nil},
		{"clear pins that are not there", []picosdk.Status{0, 0, refusal, 0}, nil, true, "1 2 3 4", "", nil},
		{"clear pins of a unit that is gone", []picosdk.Status{0, 0, picosdk.StatusNotResponding, 0}, nil, true, "1 2 3 4", "fake3", nil},
		{"clear is refused", []picosdk.Status{0, refusal, picosdk.StatusNotResponding, 0}, nil, true, "1 2 3 4", "fake2", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var made []string
			var calls Calls
			for i, s := range c.answers {
				name := string(rune('1' + i))
				calls = append(calls, Call{Name: name, Digital: i == 2, Do: func() picosdk.Status {
					made = append(made, name)
					return s
				}})
			}
			times := 0
			err := func() error {
				if c.clear {
					return calls.Clear("fake", picosdk.StatusNotUsed)
				}
				return calls.Arm("fake", func() error {
					made = append(made, "clear")
					times++
					if times <= len(c.clears) {
						return c.clears[times-1]
					}
					return nil
				})
			}()
			if diff := cmp.Diff(c.made, strings.Join(made, " ")); diff != "" {
				t.Errorf("calls (-want +got)\n%s", diff)
			}
			var e *picosdk.StatusError
			switch errors.As(err, &e); {
			case c.call == "" && c.lasts == nil && err != nil, c.call != "" && (e == nil || e.Call != c.call), c.lasts != nil && !errors.Is(err, c.lasts):
				t.Errorf("got %v", err)
			}
		})
	}
}
