package scope

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// TestDatedBySteps: what is captured now and then is dated by when the unit was seen to have it, not from the end of the arming.
func TestDatedBySteps(t *testing.T) {
	t.Parallel()
	const captures, every = 12, 40 * time.Millisecond
	for _, c := range []struct {
		name  string
		stop  int64 // waveforms that are captured when it is stopped; 0: it is not
		times func(first, last int64) ([]TriggerTime, error)
	}{
		{"all", 0, silentTimes},
		{"all, and counted", 0, everyTimes(every)},
		{"all, and counted by a clock that is wrong", 0, everyTimes(every / 3)},
		{"stopped", 3, silentTimes},
		{"stopped, and counted", 3, everyTimes(every)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, captures, 1)
			cfg.Digital, cfg.Trigger = nil, rising()
			var began int64               // of the arming
			var after, by [captures]int64 // each waveform was there between two questions
			have := int64(0)
			r := newBlockRig(t, cfg, func(f *fakeBlocks) {
				f.polls, f.times, f.captured = -1, c.times, c.stop
				f.sofar = func() int64 {
					now := monotonic()
					if began == 0 {
						began = now
					}
					n := min((now-began)/int64(every), captures)
					if c.stop > 0 {
						n = min(n, c.stop)
					}
					for i := range after {
						switch at := int64(i); {
						case at >= n:
							after[i] = now
						case at >= have:
							by[i] = now
						}
					}
					if have = n; n == captures {
						f.polls = 0
					}
					return n
				}
			})
			r.begin(t)
			want := captures
			if c.stop > 0 {
				want = int(c.stop)
				time.Sleep(time.Duration(c.stop)*every + 300*time.Millisecond) // it waits in vain for the next
				if err := r.dev.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := r.wait(t); err != nil {
				t.Fatal(err)
			}
			waves := r.waves(t)
			if len(waves) != want {
				t.Fatalf("%d waveforms, want %d", len(waves), want)
			}
			for i, w := range waves {
				if slack := int64(time.Millisecond); w.mono < after[i]-slack || w.mono > by[i]+slack {
					t.Errorf("waveform %d ended at %d, %s behind the last question without it and %s before the first with it", i, w.mono,
						time.Duration(w.mono-after[i]), time.Duration(by[i]-w.mono))
				}
				if counted := strings.HasSuffix(c.name, "and counted"); counted && i > 0 && w.mono-waves[i-1].mono != int64(every) {
					t.Errorf("waveform %d ended %s behind the one before", i, time.Duration(w.mono-waves[i-1].mono))
				}
			}
		})
	}
}

// everyTimes tells of triggers at regular times.
func everyTimes(d time.Duration) func(first, last int64) ([]TriggerTime, error) {
	return func(first, last int64) (list []TriggerTime, err error) {
		for i := first; i <= last; i++ {
			list = append(list, TriggerTime{Timed: true, Counted: true, Counter: uint64(i) * uint64(d/time.Microsecond)})
		}
		return list, nil
	}
}

// TestUncounted: a unit that does not say how many it has is not asked again and again, and one that is gone meanwhile is noticed.
func TestUncounted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status picosdk.Status
		asked  int
		gone   bool
	}{
		{picosdk.StatusNotSupported, 1, false}, {picosdk.StatusNoSamplesAvailable, 5, false}, {picosdk.StatusBusy, 5, false},
		{picosdk.StatusNotResponding, 1, true},
	} {
		t.Run(c.status.Name(), func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, 3, 1)
			cfg.Trigger = rising()
			r := newBlockRig(t, cfg, func(f *fakeBlocks) { f.polls = 5 })
			r.b.answer("Captured", slices.Repeat([]picosdk.Status{c.status}, 5)...)
			r.begin(t)
			info, err := r.wait(t)
			if c.gone != (err != nil) || c.gone && driver.KindOf(err) != driver.KindDeviceGone || !c.gone && info.Waveforms != 3 {
				t.Errorf("got %+v, %v", info, err)
			}
			n := 0
			for _, call := range r.b.taken() {
				if call == "Captured" {
					n++
				}
			}
			if n != c.asked {
				t.Errorf("asked %d times, want %d", n, c.asked)
			}
		})
	}
}

// TestNotYet: samples or triggers that are not there yet are asked for again, and nothing is dated or counted twice for it.
func TestNotYet(t *testing.T) {
	t.Parallel()
	none, busy := picosdk.StatusNoSamplesAvailable, picosdk.StatusBusy
	for _, c := range []struct {
		name, call string
		answer     []picosdk.Status
		captures   int64
		armings    int // calls of RunBlock
		silent     bool
	}{
		{"samples", "Fetch", []picosdk.Status{none}, 3, 2, false},
		{"samples of a block", "Fetch", []picosdk.Status{none}, 1, 2, false},
		{"triggers", "TriggerTimes", []picosdk.Status{none}, 3, 2, false},
		{"triggers of a block", "TriggerTimes", []picosdk.Status{none}, 1, 2, false},
		{"triggers, again and again", "TriggerTimes", []picosdk.Status{none, none}, 3, 2, true},
		{"triggers, busy", "TriggerTimes", []picosdk.Status{busy, busy}, 3, 2, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, c.captures, 2)
			cfg.Digital, cfg.Trigger = nil, rising()
			r := newBlockRig(t, cfg, func(f *fakeBlocks) {
				f.times = func(first, last int64) (list []TriggerTime, err error) {
					for i := first; i <= last; i++ {
						list = append(list, TriggerTime{OffsetFS: -7, Timed: true, Counter: uint64(150 * i), Counted: true, Missed: 1})
					}
					return list, nil
				}
			})
			r.b.answer(c.call, c.answer...)
			_, waves := r.whole(t)
			told := c.captures * 2
			for i, w := range waves {
				first, unknown := i == 0, c.silent && int64(i) < c.captures
				if inside := int64(i)%c.captures > 0; inside && !unknown && w.dead != 50_000 || (first || inside && unknown) && w.dead != -1 {
					t.Errorf("waveform %d: dead for %d ns", i, w.dead)
				}
				if want := int64(-7); !unknown && (w.offset != want || w.within != 0) || unknown && (w.offset != 0 || w.within != 1) {
					t.Errorf("waveform %d: triggered at %d fs within %d", i, w.offset, w.within)
				}
				if inside := int64(i)%c.captures > 0; inside && w.mono-waves[i-1].mono < 99_000 {
					t.Errorf("waveform %d ended %d ns behind the one before", i, w.mono-waves[i-1].mono)
				}
				if unknown {
					told--
				}
			}
			r.event(t, driver.EventWarning, fmt.Sprintf("%d triggers have come so far", told))
			n := 0
			for _, call := range r.b.taken() {
				if strings.HasPrefix(call, "RunBlock") {
					n++
				}
			}
			if n != c.armings {
				t.Errorf("armed %d times, want %d", n, c.armings)
			}
		})
	}
}

// TestNotYetInBetween: samples of later waveforms that are not there yet are asked for again, also behind a stop.
func TestNotYetInBetween(t *testing.T) {
	t.Parallel()
	none := picosdk.StatusNoSamplesAvailable
	for _, c := range []struct {
		name    string
		answer  []picosdk.Status
		stopped bool
		lost    int
	}{{"once", []picosdk.Status{0, none}, false, 0}, {"twice", []picosdk.Status{0, none, none}, false, 7}, {"behind a stop", []picosdk.Status{none}, true, 0}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, 12, 1)
			cfg.Digital, cfg.Trigger = nil, rising()
			r := newBlockRig(t, cfg, func(f *fakeBlocks) {
				if c.stopped {
					f.polls, f.captured = -1, 12
				}
			})
			r.mem.most = 500 // four waveforms at once
			r.b.answer("Fetch", c.answer...)
			r.begin(t)
			if c.stopped {
				r.event(t, driver.EventTriggerWait, "")
				if err := r.dev.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := r.wait(t); err != nil {
				t.Fatal(err)
			}
			lost, waves := 0, r.waves(t)
			for i, w := range waves {
				if !w.whole {
					lost++
				} else if i > 0 && w.dead != 900_000 || i == 0 && w.dead != -1 {
					t.Errorf("waveform %d: dead for %d ns", i, w.dead)
				}
			}
			if len(waves) != 12 || lost != c.lost {
				t.Errorf("%d waveforms, %d lost", len(waves), lost)
			}
		})
	}
}

// TestLostInside: samples that are gone when a part of a waveform is delivered cost that waveform, and no other.
func TestLostInside(t *testing.T) {
	t.Parallel()
	r := newBlockRig(t, blockConfig(40, 60, 1, 3))
	r.mem.most = 30
	r.b.answer("Fetch", 0, 0, picosdk.StatusNoSamplesAvailable)
	_, waves := r.whole(t)
	if len(waves) != 3 || waves[0].whole || !waves[1].whole || !waves[2].whole {
		t.Errorf("%+v", waves)
	}
	r.event(t, driver.EventWarning, "1 captured waveform is not recorded")
}

// TestInexactTrigger: a trigger of which the unit does not tell where it was inside of a sample is marked so.
func TestInexactTrigger(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 3, 1)
	cfg.Digital, cfg.Trigger = nil, rising()
	cfg.Trigger.Delay.Samples = 7
	r := newBlockRig(t, cfg, func(f *fakeBlocks) {
		f.times = func(first, last int64) (list []TriggerTime, err error) {
			for i := first; i <= last; i++ {
				list = append(list, TriggerTime{OffsetFS: -55, Timed: i != 1})
			}
			return list, nil
		}
	})
	_, waves := r.whole(t)
	for i, w := range waves {
		offset, within := -55-7*int64(1e9), uint32(0)
		if i == 1 {
			offset, within = -7*int64(1e9), 1
		}
		if w.trigger != 40 || w.offset != offset || w.within != within {
			t.Errorf("waveform %d: triggered at %d %+d within %d", i, w.trigger, w.offset, w.within)
		}
	}
}
