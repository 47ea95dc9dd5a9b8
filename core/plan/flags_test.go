package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		spec FlagsSpec
		want string
	}{
		{
			"the least",
			FlagsSpec{Devices: []DeviceFlags{{Device: "sim", Channels: []string{"A:5V"}, Rate: "1MS/s"}}},
			"run \"run\" {\n  output = \"recordings\"\n}\n\ndevice \"sim\" {\n  driver = \"sim\"\n  channel \"A\" {\n    range = \"5V\"\n  }\n  stream {\n    sample_rate = \"1MS/s\"\n  }\n}\n",
		},
		{
			"all",
			FlagsSpec{Name: "n", Out: "o", For: "10s", Set: []string{"sync=2s", "disk.keep_free=5GiB", "sha512=true"}, Devices: []DeviceFlags{
				{
					Device: "cell=ps5000a:AB1/2", Channels: []string{"A:5V:ac:x10", "D0-7:1.5V", "D8-15"}, Rate: "1us", Downsample: "aggregate:100:raw",
					Set: []string{"resolution=14bit", "channel.A.label=a = b ${x}", "channel.B.range=2V", "sim.pace=fast"},
				},
				{Device: "sim", Channels: []string{"A:1V"}, Rate: "1kHz", Downsample: "average:10"},
				{Device: "sim", Channels: []string{"A:1V"}, Rate: "1kS/s"},
			}},
			`run "n" {
  output   = "o"
  duration = "10s"
  sync     = "2s"
  disk {
    keep_free = "5GiB"
  }
  sha512 = true
}

device "cell" {
  driver = "ps5000a"
  serial = "AB1/2"
  channel "A" {
    range    = "5V"
    coupling = "ac"
    probe    = "x10"
    label    = "a = b $${x}"
  }
  digital "D0-7" {
    threshold = "1.5V"
  }
  digital "D8-15" {
  }
  stream {
    sample_interval = "1us"
    downsample {
      mode     = "aggregate"
      ratio    = 100
      keep_raw = true
    }
  }
  resolution = "14bit"
  channel "B" {
    range = "2V"
  }
  sim {
    pace = "fast"
  }
}

device "sim" {
  driver = "sim"
  channel "A" {
    range = "1V"
  }
  stream {
    sample_rate = "1kHz"
    downsample {
      mode  = "average"
      ratio = 10
    }
  }
}

device "sim-2" {
  driver = "sim"
  channel "A" {
    range = "1V"
  }
  stream {
    sample_rate = "1kS/s"
  }
}
`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := FromFlags(c.spec)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestFlagsAreTexts checks that nothing in a flag becomes an expression: a plan made of flags calls no env().
func TestFlagsAreTexts(t *testing.T) {
	t.Parallel()
	evil := `${env("SERIAL")}`
	src, err := FromFlags(FlagsSpec{Out: evil, Devices: []DeviceFlags{{
		Device: "d=sim:" + evil, Channels: []string{"A:5V"}, Rate: "1S/s",
		Set: []string{"model=" + evil, `library=[env("SERIAL")]`},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	p, _ := Parse(src, "flags", testOptions(""))
	if p.Run.Output != evil || p.Devices[0].Serial != evil || p.Devices[0].Library != `[env("SERIAL")]` {
		t.Errorf("%q, %+v\n%s", p.Run.Output, p.Devices[0], src)
	}
}

func TestFromFlagsErrors(t *testing.T) {
	t.Parallel()
	device := func(d DeviceFlags) FlagsSpec { return FlagsSpec{Devices: []DeviceFlags{d}} }
	for _, c := range []struct {
		name string
		spec FlagsSpec
		want string
	}{
		{"nothing", FlagsSpec{}, "--device DRIVER"},
		{"no driver", device(DeviceFlags{Device: "a=", Channels: []string{"A:1V"}, Rate: "1S/s"}), "[NAME=]DRIVER"},
		{"no name", device(DeviceFlags{Device: "=sim", Channels: []string{"A:1V"}, Rate: "1S/s"}), "[NAME=]DRIVER"},
		{"no channel", device(DeviceFlags{Device: "sim", Rate: "1S/s"}), "--channel A:5V"},
		{"no rate", device(DeviceFlags{Device: "sim", Channels: []string{"A:1V"}}), "--rate"},
		{"channel without range", device(DeviceFlags{Device: "sim", Channels: []string{"A"}, Rate: "1S/s"}), "NAME:RANGE"},
		{"port with too much", device(DeviceFlags{Device: "sim", Channels: []string{"D0-7:1V:2"}, Rate: "1S/s"}), "PORT:THRESHOLD"},
		{"downsampling", device(DeviceFlags{Device: "sim", Channels: []string{"A:1V"}, Rate: "1S/s", Downsample: "average"}), "MODE:RATIO"},
		{"set without value", device(DeviceFlags{Device: "sim", Channels: []string{"A:1V"}, Rate: "1S/s", Set: []string{"x"}}), "PATH=VALUE"},
		{"set of no name", device(DeviceFlags{Device: "sim", Channels: []string{"A:1V"}, Rate: "1S/s", Set: []string{"a b=1"}}), "PATH=VALUE"},
		{"set in no block", FlagsSpec{Set: []string{"1.x=1"}, Devices: []DeviceFlags{{Device: "sim"}}}, "PATH=VALUE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, err := FromFlags(c.spec); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
