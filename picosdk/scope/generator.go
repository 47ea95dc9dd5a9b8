package scope

import (
	"context"
	"fmt"
	"math"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// GeneratorCodes are a family's numbers for the words of a signal generator's settings.
type GeneratorCodes struct {
	Waves      map[string]uint32
	Operations map[string]uint32 // of the argument beside the wave
	// OperationWaves are operations that this library knows as waves.
	OperationWaves map[string]uint32
	Sweeps         map[string]uint32
	TriggerTypes   map[string]uint32
	TriggerSources map[string]uint32
	// Arbitrary is the wave that stands for a user's own, where it has a number.
	Arbitrary uint32
	// NoSweepCount tells that the library counts periods but no sweeps, NoLevel that the threshold of the trigger input is fixed.
	NoSweepCount, NoLevel bool
}

// GeneratorSettings set the generator; numbers of words are the vendor's.
type GeneratorSettings struct {
	Wave       uint32
	Operation  uint32
	PeakToPeak units.Voltage
	Offset     units.Voltage
	// Start is the frequency in Hz; with Sweeping the output goes to Stop in steps of Step, each Dwell seconds long.
	Start, Stop, Step, Dwell float64
	Sweeping                 bool
	Sweep                    uint32
	Shots, Sweeps            uint32
	Triggered                bool
	TriggerType              uint32
	TriggerSource            uint32
	Threshold                int16 // of the external trigger input
	// Samples are one period of a user's wave, from -1 to 1; nil: a built-in wave.
	Samples []float64
	Clock   int64 // of the generator's converter in Hz; 0: not known
}

// GeneratorResult is what is really put out, in the terms of [GeneratorSettings]; 0: the library does not tell.
type GeneratorResult struct {
	Frequency, Stop, Step, Dwell float64
	Notes                        []string
}

// GeneratorStarter is implemented by units whose generator can be started by the software.
type GeneratorStarter interface {
	// StartGenerator starts a generator that was set to wait for it.
	StartGenerator() error
}

// SweepCodes, TriggerTypeCodes and TriggerSourceCodes are alike in all families so far.
var (
	SweepCodes         = map[string]uint32{"up": 0, "down": 1, "up_down": 2, "down_up": 3}
	TriggerTypeCodes   = map[string]uint32{"rising": 0, "falling": 1, "gate_high": 2, "gate_low": 3}
	TriggerSourceCodes = map[string]uint32{"none": 0, "scope": 1, "aux": 2, "external": 3, "software": 4}
)

// generatorControl is what units with a signal generator can do.
type generatorControl struct{ dev *Device }

var _ driver.SoftwareTriggerer = generatorControl{}

// SetGenerator changes the generator, or turns it off. While the unit streams, it waits for a moment in which the
// loop makes no call.
func (g generatorControl) SetGenerator(ctx context.Context, cfg *driver.GeneratorConfig) (driver.AppliedGenerator, error) {
	d := g.dev
	if err := d.usable("signal generator", false); err != nil {
		return driver.AppliedGenerator{}, err
	}
	out, err := do(ctx, d.work, func() (out driver.AppliedGenerator, err error) {
		err = d.driver.quietly("signal generator", func() (err error) {
			if cfg != nil {
				out, err = d.generate(cfg)
				return err
			}
			return d.mute(d.unit.(Generator))
		})
		return out, err
	}, nil)
	return out, failed(err, "signal generator", "")
}

// SoftwareTrigger starts a generator that waits for it. The acquisition cannot be triggered so: no library can.
func (g generatorControl) SoftwareTrigger(ctx context.Context) error {
	d := g.dev
	if err := d.usable("software trigger", false); err != nil {
		return err
	}
	_, err := do(ctx, d.work, func() (struct{}, error) {
		starter, ok := d.unit.(GeneratorStarter)
		if !ok || !d.awaits {
			return struct{}{}, driver.Errorf(driver.KindPermanent, "software trigger", "the signal generator does not wait for it: its trigger's source is not software")
		}
		return struct{}{}, d.driver.quietly("software trigger", starter.StartGenerator)
	}, nil)
	return failed(err, "software trigger", "")
}

// mute turns the generator off. It is for the worker.
func (d *Device) mute(g Generator) error {
	err := g.Silence()
	if picosdk.Tolerable(err) {
		d.silent, d.awaits, d.once = true, false, nil
	}
	return err
}

// putOutOnce repeats an output that ends by itself at the beginning of an acquisition, so that all of it is recorded: it began when
// the unit was configured. It is for the worker.
func (d *Device) putOutOnce() {
	if d.once == nil {
		return
	}
	if _, err := d.unit.(Generator).Generate(*d.once); !picosdk.Tolerable(err) {
		d.tell(driver.EventWarning, "the signal generator's output did not begin anew with the acquisition: "+err.Error())
	}
}

// generate checks a request and sets the generator. It is for the worker.
func (d *Device) generate(g *driver.GeneratorConfig) (driver.AppliedGenerator, error) {
	applied := driver.AppliedGenerator{Frequency: g.Frequency, Amplitude: g.Amplitude, Offset: g.Offset}
	unit, ok := d.unit.(Generator)
	if !ok || d.caps.Generator == nil {
		return applied, picosdk.Refuse("signal generator", "signal_generator", "", "the %s has no signal generator", d.info.Model)
	}
	s, err := d.generatorSettings(g, *d.caps.Generator)
	if err != nil {
		return applied, err
	}
	d.silent, d.awaits, d.once = false, false, nil
	res, err := unit.Generate(s)
	if !picosdk.Tolerable(err) {
		field := "signal_generator"
		if st, ok := picosdk.StatusOf(err); ok && st.Field() != "" {
			field = st.Field()
		}
		return applied, failed(err, "signal generator", field)
	}
	d.awaits = g.Trigger != nil && g.Trigger.Source == "software"
	if !s.Triggered && (s.Shots > 0 || s.Sweeps > 0) {
		d.once = &s
	}
	if st, warned := picosdk.StatusOf(err); warned {
		applied.Notes = append(applied.Notes, st.Explanation())
	}
	applied.Notes = append(applied.Notes, res.Notes...)
	applied.Notes = append(applied.Notes, s.notes(res)...)
	switch {
	case s.Start == 0:
		applied.Frequency = units.Frequency{}
	case res.Frequency > 0:
		applied.Frequency = frequency(res.Frequency)
	case g.Arbitrary != nil && !g.Arbitrary.SampleRate.IsZero():
		applied.Frequency = frequency(s.Start)
	}
	if isDC(g) {
		applied.Amplitude = 0
	}
	return applied, nil
}

// isDC tells whether nothing but a level is put out.
func isDC(g *driver.GeneratorConfig) bool {
	return (g.Wave == "dc" || g.Wave == "dc_voltage") && (g.Operation == "" || g.Operation == "normal")
}

// notes say in words what of a sweep differs from what was asked for, and what becomes of a long wave.
func (s GeneratorSettings) notes(r GeneratorResult) (list []string) {
	differs := func(got, want float64) bool { return got > 0 && math.Abs(got-want) > 1e-6*want }
	if s.Sweeping && (differs(r.Stop, s.Stop) || differs(r.Step, s.Step) || differs(r.Dwell, s.Dwell)) {
		list = append(list, fmt.Sprintf("the sweep goes to %.9g Hz in steps of %.6g Hz, each %.6g s long", r.Stop, r.Step, r.Dwell))
	}
	if rate := s.Start * float64(len(s.Samples)); s.Clock > 0 && rate > float64(s.Clock)*(1+1e-9) {
		list = append(list, fmt.Sprintf("the generator's converter runs at %s and leaves out some of the wave's %d samples at this frequency",
			units.PerSecond(s.Clock, 1), len(s.Samples)))
	}
	return list
}

// frequency is a vendor's double to the microhertz.
func frequency(hz float64) units.Frequency {
	if hz > 1e12 {
		hz = 1e12
	}
	return units.Hertz(int64(math.Round(hz*1e6)), 1e6)
}
