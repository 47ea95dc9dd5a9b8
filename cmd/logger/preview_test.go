package main

import (
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/session"
)

func TestPrintPreview(t *testing.T) {
	a, out := newTestApp(t, nil)
	v := &session.Preview{
		Name: "soak", Output: "recordings", BytesPerSec: 4e6, BytesPerHour: 14.4e9, RingBytes: 16 << 20, MaxMemory: 1 << 30, DiskNeed: -1,
		DiskPerSec: 4e6, DiskFree: 44e9, KeepFree: 4e9, Seconds: -1, Warnings: []string{"slow USB"},
		Devices: []session.DevicePreview{{
			Name: "cell", Driver: "scope", Model: "S-4", Serial: "AB1", Mode: "stream", Resolution: 14, Asked: "1/1000000", Applied: "1/976562",
			Power: "usb", Hold: 4, Cut: 600002560, CutSeconds: 600.00256, Notes: []string{"rounded"},
			Streams: []session.StreamPreview{{
				Name: "cell.A", Interval: "3/1000000", AskedRange: "±50 V", InputRange: "±5 V", TipRange: "±50 V",
				UnitRange: "±500 A", BytesPerSec: 2e6, BytesPerHour: 7.2e9,
			}},
		}},
	}
	if err := printPreview(a, v); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"run soak: until stopped, into recordings\n", "cell  scope  S-4  AB1  14 bit  power usb\n",
		"  stream: asked 1 MS/s, realised 976.562 kS/s; the ring holds 4 s; segments of 600,002,560 samples (0:10:00)\n", "  note: rounded\n",
		"  cell.A  one in 3 us  ±50 V   ±5 V  ±50 V  ±500 A  2.00 MB/s   7.20 GB\n", "data    4.00 MB/s, 14.4 GB/h\n",
		"memory  rings 16.8 MB, of at most 1.07 GB\n", "disk    no end, so it grows until stopped: room for 2:46:40, 44.0 GB free\n",
	} {
		if !strings.Contains(out.stdout.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.stdout.String())
		}
	}
	if !strings.Contains(out.stderr.String(), "warning: slow USB") {
		t.Errorf("no warning in: %s", out.stderr.String())
	}
}

// TestRoomLeft: what the plan keeps free is no room.
func TestRoomLeft(t *testing.T) {
	for _, c := range []struct {
		v    session.Preview
		want string
	}{
		{session.Preview{DiskPerSec: 4e6, DiskFree: 44e9, KeepFree: 4e9}, "room for 2:46:40"},
		{session.Preview{DiskPerSec: 4e6, DiskFree: 44e9, KeepFree: 4e9, UpTo: true}, "room for at least 2:46:40"},
		{session.Preview{DiskPerSec: 4e6, DiskFree: 44e9, KeepFree: 5000 << 30}, "room for none of it, as the plan keeps 4.9 TiB free"},
		{session.Preview{DiskPerSec: 4e6, DiskFree: 4e9, KeepFree: 4e9}, "room for none of it, as the plan keeps 3.7 GiB free"},
	} {
		if got := roomLeft(&c.v); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestPrintBlockPreview(t *testing.T) {
	for _, c := range []struct {
		name   string
		device session.DevicePreview
		want   []string
	}{
		{"so many", session.DevicePreview{Mode: "rapid_block", Asked: "1/1000000", Applied: "1/1000000", Pre: 200, Post: 300, Captures: 100, Armings: 20, WaveformBytes: 2000},
			[]string{"run gate: until all is captured,", "  rapid block: asked 1 MS/s, realised 1 MS/s\n", "  waveforms of 200 + 300 samples, 2.00 kB; 100 an arming; armed 20 times\n"}},
		{"once", session.DevicePreview{Mode: "block", Asked: "0/1", Applied: "1/1000000", Post: 1, Captures: 1, Armings: 1, WaveformBytes: 2},
			[]string{"  waveforms of 0 + 1 samples, 2 B; armed once\n"}},
		{"by number", session.DevicePreview{Mode: "block", Asked: "0/1", Timebase: new(uint32), Applied: "1/31250000", Post: 1, Captures: 1, Armings: 1, WaveformBytes: 2},
			[]string{"  block: asked timebase 0, which is 32 ns, realised 31.25 MS/s\n"}},
		{"without end", session.DevicePreview{Mode: "block", Asked: "0/1", Applied: "1/1000000", Post: 1, Captures: 1, WaveformBytes: 2},
			[]string{"run gate: until stopped,", "; armed again without end\n"}},
		{"for a time", session.DevicePreview{Mode: "block", Asked: "0/1", Applied: "1/1000000", Post: 1, Captures: 1, WaveformBytes: 2, RepeatFor: 60, Every: 2, Triggered: true},
			[]string{"run gate: until all is captured,", "; armed again and again, for 60 s, every 2 s, each waits for its trigger\n", "data    up to 1.00 kB/s, 2.00 MB/h\n",
				"disk    as much as its triggers let come, at most 60.0 kB, 1.00 MB free\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, out := newTestApp(t, nil)
			v := &session.Preview{Name: "gate", DiskNeed: -1, DiskFree: 1e6, Seconds: -1, BytesPerSec: 1000, BytesPerHour: 2e6, UpTo: true, Devices: []session.DevicePreview{c.device}}
			if err := printPreview(a, v); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(out.stdout.String(), want) {
					t.Errorf("no %q in:\n%s", want, out.stdout.String())
				}
			}
		})
	}
}

func TestRateOf(t *testing.T) {
	for _, tc := range []struct{ interval, want string }{
		{"1/1000000", "1 MS/s"},
		{"8/1000000000", "125 MS/s"},
		{"3/1000000", "one in 3 us"},
		{"10/1", "one in 10 s"},
		{"0/1", "the driver's choice"},
		{"?", "?"},
	} {
		if got := rateOf(tc.interval); got != tc.want {
			t.Errorf("rateOf(%q) = %q, want %q", tc.interval, got, tc.want)
		}
	}
}
