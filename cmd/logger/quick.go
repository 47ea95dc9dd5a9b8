package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/plan"
)

// flagsPlan is the name of a plan that was made of flags.
const flagsPlan = "flags"

// inPlan says what stands in a plan for each flag.
var inPlan = map[string]string{
	"--device": "a device block", "--channel": "a channel block in the device block", "--rate": "sample_rate in the stream block of the device",
	"--downsample": "a downsample block in the stream block of the device", "--set": "the attribute itself",
	"--for": "duration in the run block", "--out": "output in the run block", "--name": `run "NAME"`,
}

// quickFlags are the flags that stand for a plan. Those of a device belong to the --device before them.
type quickFlags struct {
	spec  plan.FlagsSpec
	given string // the first of them; empty: none
}

// deviceFlag is a flag whose place among the others counts.
type deviceFlag struct {
	kind string
	set  func(text string) error
}

func (f *deviceFlag) Set(text string) error { return f.set(text) }
func (f *deviceFlag) Type() string          { return f.kind }
func (f *deviceFlag) String() string        { return "" }

func (q *quickFlags) register(c *cobra.Command) {
	add := func(name, kind, usage string, set func(text string) error) {
		c.Flags().Var(&deviceFlag{kind: kind, set: func(text string) error {
			if q.given == "" {
				q.given = "--" + name
			}
			return set(text)
		}}, name, usage)
	}
	add("device", "[NAME=]DRIVER[:SERIAL]", "record this device; what follows belongs to it; may be repeated", func(text string) error {
		q.spec.Devices = append(q.spec.Devices, plan.DeviceFlags{Device: text})
		return nil
	})
	ofDevice := func(set func(d *plan.DeviceFlags, text string)) func(string) error {
		return func(text string) error {
			if len(q.spec.Devices) == 0 {
				return errors.New("it belongs to a device: write it behind --device")
			}
			set(&q.spec.Devices[len(q.spec.Devices)-1], text)
			return nil
		}
	}
	add("channel", "NAME:RANGE", "record this channel, such as A:5V, B:200mV:ac:x10, D0-7:1.5V; may be repeated",
		ofDevice(func(d *plan.DeviceFlags, text string) { d.Channels = append(d.Channels, text) }))
	add("rate", "RATE", "sample rate, such as 1MS/s, or interval, such as 1us; also for devices before it without one",
		func(text string) error {
			if len(q.spec.Devices) == 0 {
				return errors.New("it belongs to a device: write it behind --device")
			}
			for i := range q.spec.Devices {
				if q.spec.Devices[i].Rate == "" {
					q.spec.Devices[i].Rate = text
				}
			}
			q.spec.Devices[len(q.spec.Devices)-1].Rate = text
			return nil
		})
	add("downsample", "MODE:RATIO[:raw]", "reduce the samples, such as aggregate:100, or aggregate:100:raw to keep the raw ones too",
		ofDevice(func(d *plan.DeviceFlags, text string) { d.Downsample = text }))
	add("set", "PATH=VALUE", "set anything else of the device, such as resolution=14bit; before the first --device, of the run",
		func(text string) error {
			if n := len(q.spec.Devices); n > 0 {
				q.spec.Devices[n-1].Set = append(q.spec.Devices[n-1].Set, text)
				return nil
			}
			q.spec.Set = append(q.spec.Set, text)
			return nil
		})
	ofRun := func(to *string) func(string) error {
		return func(text string) error {
			*to = text
			return nil
		}
	}
	add("for", "TIME", "record so long, such as 10s or 8h; without it until stopped", ofRun(&q.spec.For))
	add("out", "DIR", "folder that the recording's folder is made in", ofRun(&q.spec.Out))
	add("name", "NAME", "name of the run", ofRun(&q.spec.Name))
}

// text returns the plan that the flags mean.
func (q *quickFlags) text(a *app) (planText, error) {
	spec := q.spec
	if spec.Out == "" {
		spec.Out = a.settings.Output
	}
	source, err := plan.FromFlags(spec)
	if err != nil {
		return planText{}, usageError(err, fmt.Sprintf("%s run --help tells more; %s init writes a plan", a.name, a.name))
	}
	a.planOfFlags = true
	return planText{name: flagsPlan, source: source}, nil
}
