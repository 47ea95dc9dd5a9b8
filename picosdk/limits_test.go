package picosdk

import (
	"math"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

// TestTimebasesAreTold holds the numbers of the contract against those of the model: their intervals, and which are possible with what
// is on.
func TestTimebasesAreTold(t *testing.T) {
	t.Parallel()
	m := flexible()
	mode, ok := m.Capabilities(State{}).Mode(driver.ModeBlock)
	if !ok || len(mode.Timebases) != len(m.Resolutions) {
		t.Fatalf("%d numberings, %v", len(mode.Timebases), ok)
	}
	for _, r := range m.Resolutions {
		told, ok := mode.TimebasesAt(r.Bits)
		if !ok {
			t.Fatalf("no numbers at %d bit", r.Bits)
		}
		for _, n := range []uint32{0, 1, 2, 3, 4, 5, 6, 7, 49, 50, 51, 52, 53, 54, 1000, math.MaxUint32 - 2, math.MaxUint32 - 1, math.MaxUint32} {
			want, exists := r.Timebase.Interval(n)
			got, toldSo := told.Interval(n)
			if exists != toldSo || exists && got.Cmp(want.Rational) != 0 {
				t.Errorf("%d bit, number %d: %v, %v; want %v, %v", r.Bits, n, got, toldSo, want, exists)
			}
			for channels := 1; exists && channels <= r.MaxChannels; channels++ {
				_, err := m.Timebase(n, r.Bits, spread(channels), 0)
				limit, _ := mode.Limit(channels, r.Bits, false)
				if _, possible, _ := limit.Nearest(got); possible != (err == nil) {
					t.Errorf("%d bit, number %d, %d channels: possible %v, the model says %v", r.Bits, n, channels, possible, err)
				}
			}
		}
	}
}

// spread is so many channels, those of different converters first.
func spread(n int) ChannelSet {
	return Channels([]string{"A", "C", "B", "D"}[:n]...)
}

func TestMemoryIsShared(t *testing.T) {
	t.Parallel()
	m := flexible()
	mode, _ := m.Capabilities(State{}).Mode(driver.ModeRapidBlock)
	for _, c := range []struct {
		name           string
		channels, bits int
		digital        bool
		want           int64
		fact           string
	}{
		{"all of it", 1, 8, false, 1000, "1000 samples of memory at 8 bit"},
		{"halves", 2, 8, false, 500, "1000 samples of memory at 8 bit, shared by 2 channels"},
		{"three share like four", 3, 8, false, 250, "1000 samples of memory at 8 bit, shared by 3 channels"},
		{"four", 4, 8, false, 250, "1000 samples of memory at 8 bit, shared by 4 channels"},
		{"a port, perhaps alone", 1, 8, true, 1000, "1000 samples of memory at 8 bit"},
		{"a port takes a part", 2, 8, true, 250, "1000 samples of memory at 8 bit, shared by 2 channels and 1 digital port"},
		{"another resolution", 1, 12, false, 500, "500 samples of memory at 12 bit"},
		{"a port that takes no part", 2, 12, true, 250, "500 samples of memory at 12 bit, shared by 2 channels and 1 digital port"},
		{"more than the resolution has", 2, 16, false, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, ok := mode.MemoryLimit(c.channels, c.bits, c.digital)
			if l.Samples != c.want || ok != (c.want > 0) || l.Limit != c.fact {
				t.Errorf("%d, %q, %v; want %d, %q", l.Samples, l.Limit, ok, c.want, c.fact)
			}
		})
	}
	if stream, _ := m.Capabilities(State{}).Mode(driver.ModeStream); len(stream.Memory) > 0 || stream.MaxDelay != 0 {
		t.Errorf("streams are bounded by the memory or the trigger's counter: %+v", stream)
	}
}

func TestUnknownLimitsAreNotTold(t *testing.T) {
	t.Parallel()
	m := flexible()
	m.Trigger.MaxDelay, m.Trigger.MaxPulseWidth = math.MaxUint64, 1<<32-1
	for i := range m.Resolutions {
		m.Resolutions[i].Memory, m.Resolutions[i].Timebase = 0, Timebase{}
	}
	caps := m.Capabilities(State{})
	mode, _ := caps.Mode(driver.ModeBlock)
	if len(mode.Memory) > 0 || len(mode.Timebases) > 0 || mode.MaxDelay != 0 || caps.Trigger.MaxPulseWidth != 1<<32-1 {
		t.Errorf("%+v, pulse width %d", mode, caps.Trigger.MaxPulseWidth)
	}
	if i, ok := (driver.Timebases{}).Interval(0); ok {
		t.Errorf("an empty numbering has %v", i)
	}
}
