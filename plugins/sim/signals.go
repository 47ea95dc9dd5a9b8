package main

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/replay"
	"github.com/scopelog/scopelog/plugins/sim/internal/signal"
	"github.com/scopelog/scopelog/units"
)

// builder makes the signals of a device from checked options.
type builder struct {
	serial   string
	interval units.Interval
	seed     uint64
	output   *signal.Output // of the signal generator
}

// channel makes what an analog channel measures.
func (b builder) channel(c driver.ChannelConfig, bits int) (maker, error) {
	return b.analog(c, bits, "channel."+c.Channel+"."+driverName)
}

// triggerInput makes what EXT or AUX sees.
func (b builder) triggerInput(name string, o driver.Options) (maker, error) {
	return b.analog(driver.ChannelConfig{Channel: name, Range: triggerRange, Options: o}, 16, driverName+".input."+name)
}

func (b builder) analog(c driver.ChannelConfig, bits int, field string) (maker, error) {
	v := values{c.Options}
	if v.text("signal", "") == "proof" {
		return b.proof(c, bits, field)
	}
	seed := signal.Seed(b.seed, c.Channel)
	if v.has("seed") {
		seed = signal.Seed(uint64(v.count("seed", 0)), c.Channel)
	}
	sources, err := b.source(v, c, field, seed)
	if err != nil {
		return nil, err
	}
	for i, add := range c.Options.BlocksNamed("add") {
		more, err := b.source(values{add.Options}, c, field+".add", signal.Seed(seed, "add")+uint64(i))
		if err != nil {
			return nil, err
		}
		sources = append(sources, more...)
	}
	if rms := v.float("noise", 0); rms > 0 {
		sources = append(sources, signal.NewGauss(rms, signal.Seed(seed, "noise")))
	}
	q := signal.NewQuantiser(bits, c.Range.Volts(), c.Offset.Volts())
	return signal.NewChannel(sources, q, c.Bandwidth.Float64(), b.interval.Float64()), nil
}

// proof makes the proof signal, which goes past everything else of the channel.
func (b builder) proof(c driver.ChannelConfig, bits int, field string) (maker, error) {
	for _, v := range c.Options.Values {
		if v.Name != "signal" {
			return nil, refuse("configure", field+"."+v.Name, "", "the proof signal has no options, leave %s out", v.Name)
		}
	}
	if len(c.Options.Blocks) > 0 {
		return nil, refuse("configure", field+".add", "", "nothing can be added to the proof signal")
	}
	low, _ := signal.Codes(bits)
	p, err := signal.NewProof(b.serial, c.Channel, bits, low)
	if err != nil {
		return nil, refuse("configure", field+".signal", "", "%w", err)
	}
	return &p, nil
}

// source makes one signal: the channel's own or an added one.
func (b builder) source(v values, c driver.ChannelConfig, field string, seed uint64) ([]signal.Source, error) {
	name := v.text("signal", signalNames[0])
	if name == "proof" {
		return nil, refuse("configure", field+".signal", "", "the proof signal cannot be added to another one")
	}
	if err := onlyUsed("configure", v, field, "signal "+name, everySignal, signalUses[name]); err != nil {
		return nil, err
	}
	peakToPeak := v.float("amplitude", c.Range.Volts())
	offset := v.float("offset", 0)
	if c.Coupling == driver.CouplingAC {
		offset = 0
	}
	frequency := units.Frequency{Rational: v.number("frequency", units.Rat(1000, 1))}
	start, err := v.number("phase", units.Rational{}).Div(units.Rat(360, 1))
	if err != nil {
		return nil, refuse("configure", field+".phase", "", "the phase cannot be kept exactly: %w", err)
	}
	var s signal.Source
	switch name {
	case "sine":
		s = signal.NewSine(frequency, b.interval, peakToPeak, start)
	case "square":
		s = signal.NewSquare(frequency, b.interval, peakToPeak, start, v.number("duty", units.Rat(1, 2)))
	case "triangle":
		s = signal.NewTriangle(frequency, b.interval, peakToPeak, start)
	case "ramp":
		s = signal.NewRamp(frequency, b.interval, peakToPeak, start)
	case "dc":
		return []signal.Source{signal.DC(offset)}, nil
	case "loopback":
		s = signal.Loopback{Output: b.output, Gain: v.float("gain", 1)}
	case "noise":
		s = signal.NewUniform(peakToPeak, signal.Seed(seed, "signal"))
	case "pulses", "random_pulses":
		s, err = b.pulses(v, peakToPeak, field, signal.Seed(seed, "signal"))
	case "replay":
		s, err = b.replay(v, peakToPeak, field)
	}
	if err != nil {
		return nil, err
	}
	if offset != 0 {
		return []signal.Source{s, signal.DC(offset)}, nil
	}
	return []signal.Source{s}, nil
}

// The bounds of pulse trains.
const (
	maxPulsesPerSample = 16   // of random pulses, on average
	maxPulsesAtOnce    = 1000 // second pulses waiting for their turn, on average
)

func (b builder) pulses(v values, height float64, field string, seed uint64) (signal.Source, error) {
	samples := func(name string, otherwise units.Rational) float64 {
		n := v.number(name, otherwise)
		if q, err := n.Div(b.interval.Rational); err == nil {
			return q.Float64() // a whole number of samples stays one
		}
		return n.Float64() / b.interval.Float64()
	}
	shape := signal.PulseShape{
		Height: height, Width: samples("width", units.Rat(1, 1e6)), Rise: samples("rise", units.Rational{}),
		Second: samples("second_mean", units.Rational{}), SecondPart: v.float("second_fraction", 1),
		RuntPart: v.float("runt_fraction", 0), RuntHeight: v.float("runt_height", 0.5),
	}
	random := v.text("signal", "") == "random_pulses"
	name := "interval"
	if random {
		name = "mean_interval"
	}
	every := units.Interval{Rational: v.number(name, units.Rat(1, 1000))}
	mean := every.Float64() / b.interval.Float64()
	least := b.interval
	if part, err := b.interval.Div(units.Rat(maxPulsesPerSample, 1)); random && err == nil {
		least = units.Interval{Rational: part}
	}
	switch {
	case every.Cmp(least.Rational) < 0:
		return nil, refuse("configure", field+"."+name, quoted(least), "%s is too short at a sample interval of %s; the least is %s", every, b.interval, least)
	case shape.Rise > shape.Width:
		return nil, refuse("configure", field+".rise", quoted(units.Interval{Rational: v.number("width", units.Rat(1, 1e6))}), "the edges of a pulse are at most as long as its width")
	case shape.Second < 0 || shape.Second > maxPulsesAtOnce*mean:
		return nil, refuse("configure", field+".second_mean", "", "second pulses come between 0 and %d intervals behind the first on average", maxPulsesAtOnce)
	case shape.Width > maxPulsesAtOnce*mean:
		return nil, refuse("configure", field+".width", "", "pulses are at most %d intervals wide", maxPulsesAtOnce)
	case mean > 1e15 || shape.Second > 1e15:
		return nil, refuse("configure", field+"."+name, "", "pulses are at most 10^15 samples apart")
	}
	if random {
		return signal.NewRandomPulses(shape, mean, seed), nil
	}
	return signal.NewPeriodicPulses(shape, every, b.interval, seed), nil
}

func (b builder) replay(v values, peakToPeak float64, field string) (signal.Source, error) {
	path := v.text("file", "")
	if path == "" {
		return nil, refuse("configure", field+".file", "", "replay needs a file")
	}
	w, err := replay.Load(path, v.text("format", "auto"), v.text("file_channel", ""))
	if err != nil {
		return nil, refuse("configure", field+".file", "", "%w", err)
	}
	perSample, err := b.perSample(v, w.Rate, field)
	if err != nil {
		return nil, err
	}
	gain := v.float("gain", 1)
	if w.FullScale > 0 && !v.has("gain") {
		gain = peakToPeak / 2 / w.FullScale
	}
	s, err := signal.NewReplay(w.Values, gain, 0, perSample, v.flag("loop", true))
	if err != nil {
		return nil, refuse("configure", field+".file", "", "%w", err)
	}
	return s, nil
}

// perSample returns how many values of a recording pass in each sample.
func (b builder) perSample(v values, rate units.Rational, field string) (units.Rational, error) {
	one := units.Rat(1, 1)
	if v.text("playback", playbackNames[0]) == playbackNames[0] {
		return one, nil
	}
	rate = v.number("file_rate", rate)
	if rate.Sign() <= 0 {
		return one, refuse("configure", field+".file_rate", "", "the file does not tell its rate; give file_rate, or playback = %q", playbackNames[0])
	}
	per, err := rate.Mul(b.interval.Rational)
	if err != nil {
		return one, refuse("configure", field+".file_rate", "", "the rate does not go with the sample interval: %w", err)
	}
	return per, nil
}

// port makes what a digital port sees.
func (b builder) port(number int, o driver.Options) (maker, error) {
	field := driverName + ".digital." + ports[number]
	v := values{o}
	pattern := v.text("pattern", patternNames[0])
	if err := onlyUsed("configure", v, field, "pattern "+pattern, everyPattern, patternUses[pattern]); err != nil {
		return nil, err
	}
	rate := units.Frequency{Rational: v.number("frequency", units.Rational{})}
	var p signal.Port
	var err error
	switch pattern {
	case "constant":
		p = signal.Constant(v.count("value", 0))
	case "random":
		p = signal.RandomPort(signal.Seed(b.seed, ports[number]))
	case "proof":
		p = signal.NewProofPort(b.serial, number)
	case "walking":
		p, err = signal.NewWalking(rate, b.interval)
	case "clock":
		if rate.IsZero() {
			return nil, refuse("configure", field+".frequency", "", "pattern %q needs a frequency", pattern)
		}
		p, err = signal.NewClock(rate, b.interval)
	case "replay":
		return b.portReplay(v, field)
	default:
		p, err = signal.NewCounter(rate, b.interval, number)
	}
	if err != nil {
		return nil, refuse("configure", field+".frequency", "", "%w", err)
	}
	return portMaker{p}, nil
}

func (b builder) portReplay(v values, field string) (maker, error) {
	path := v.text("file", "")
	if path == "" {
		return nil, refuse("configure", field+".file", "", "replay needs a file")
	}
	data, rate, err := replay.LoadPort(path, v.text("format", "auto"))
	if err != nil {
		return nil, refuse("configure", field+".file", "", "%w", err)
	}
	perSample, err := b.perSample(v, rate, field)
	if err != nil {
		return nil, err
	}
	p, err := signal.NewReplayPort(data, perSample, v.flag("loop", true))
	if err != nil {
		return nil, refuse("configure", field+".file", "", "%w", err)
	}
	return portMaker{p}, nil
}
