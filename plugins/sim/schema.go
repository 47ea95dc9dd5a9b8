package main

import (
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/replay"
	"github.com/scopelog/scopelog/units"
)

// The legal words of the options.
var (
	signalNames   = []string{"sine", "square", "triangle", "ramp", "dc", "pulses", "random_pulses", "noise", "loopback", "proof", "replay"}
	playbackNames = []string{"sample", "time"}
	paceNames     = []string{"real_time", "fast"}
	patternNames  = []string{"counter", "clock", "walking", "constant", "random", "proof", "replay"}
)

// mostFirst bounds the number of the first sample: the unit can count on from there.
const mostFirst = 1 << 62

func number(n int64) *units.Rational {
	r := units.Rat(n, 1)
	return &r
}

func fraction(num, den int64) *units.Rational {
	r := units.Rat(num, den)
	return &r
}

// signalAttributes are the attributes of a signal; they stand in a channel's block and in each add block.
func signalAttributes() []driver.OptionAttribute {
	return []driver.OptionAttribute{
		{Name: "signal", Kind: driver.OptionString, Default: `"sine"`, Enum: signalNames, Doc: "what the input sees"},
		{Name: "frequency", Kind: driver.OptionFrequency, Default: `"1kHz"`, Min: number(0), Doc: "sine, square, triangle, ramp: periods per second"},
		{Name: "amplitude", Kind: driver.OptionVoltage, Default: "the channel's range", Doc: "peak to peak at the input; of pulses the height; of replayed codes full scale to full scale"},
		{Name: "offset", Kind: driver.OptionVoltage, Default: `"0V"`, Doc: "constant voltage added; removed by ac coupling"},
		{Name: "phase", Kind: driver.OptionNumber, Default: "0", Min: number(-360), Max: number(360), Doc: "sine, square, triangle, ramp: phase of sample 0 in degrees"},
		{Name: "duty", Kind: driver.OptionNumber, Default: "0.5", Min: number(0), Max: number(1), Doc: "square: high part of the period"},
		{Name: "width", Kind: driver.OptionInterval, Default: `"1us"`, Min: number(0), Doc: "pulses: width at half height"},
		{Name: "rise", Kind: driver.OptionInterval, Default: `"0s"`, Min: number(0), Doc: "pulses: length of each edge, at most the width"},
		{Name: "interval", Kind: driver.OptionInterval, Default: `"1ms"`, Doc: "pulses: from one pulse to the next"},
		{Name: "mean_interval", Kind: driver.OptionInterval, Default: `"1ms"`, Doc: "random_pulses: mean of the exponentially distributed intervals"},
		{Name: "second_mean", Kind: driver.OptionInterval, Default: "none", Doc: "pulses, random_pulses: mean delay of a second pulse behind each, exponentially distributed"},
		{Name: "second_fraction", Kind: driver.OptionNumber, Default: "1", Min: number(0), Max: number(1), Doc: "part of the pulses that a second one follows, with second_mean"},
		{Name: "runt_fraction", Kind: driver.OptionNumber, Default: "0", Min: number(0), Max: number(1), Doc: "part of the pulses that are runts"},
		{Name: "runt_height", Kind: driver.OptionNumber, Default: "0.5", Min: number(0), Max: number(1), Doc: "height of a runt as a part of the amplitude"},
		{Name: "file", Kind: driver.OptionPath, Doc: "replay: the file to play"},
		{Name: "format", Kind: driver.OptionString, Default: `"auto"`, Enum: replay.Formats, Doc: "replay: what the file holds; auto tells it from the ending"},
		{Name: "file_channel", Kind: driver.OptionString, Default: "the first", Doc: "replay: number from 0, label or name of the channel in the file"},
		{Name: "file_rate", Kind: driver.OptionRate, Default: "the file's own", Doc: "replay: rate of the recording, for playback = \"time\""},
		{Name: "playback", Kind: driver.OptionString, Default: `"sample"`, Enum: playbackNames, Doc: "replay: one value per sample, or at the recording's own rate, holding values"},
		{Name: "loop", Kind: driver.OptionBool, Default: "true", Doc: "replay: begin again at the end; false holds the last value"},
		{Name: "gain", Kind: driver.OptionNumber, Default: "1", Doc: "loopback: part of the signal generator's output; replay of physical values: volts per unit"},
	}
}

// channelSchema is what stands in a channel's sim block.
func channelSchema() driver.OptionSchema {
	noise := []driver.OptionAttribute{
		{Name: "noise", Kind: driver.OptionVoltage, Default: `"0V"`, Min: number(0), Doc: "rms of normal white noise that is added"},
		{Name: "seed", Kind: driver.OptionInteger, Default: "from the serial and the channel", Doc: "seed of all that is random in the channel"},
	}
	return driver.OptionSchema{
		Attributes: append(signalAttributes(), noise...),
		Blocks: []driver.OptionBlockSchema{{
			Name: "add", Repeated: true, Doc: "another signal that is added to the channel's",
			Body: driver.OptionSchema{Attributes: signalAttributes()},
		}},
	}
}

// deviceSchema is what stands in a device's sim block.
func deviceSchema() driver.OptionSchema {
	return driver.OptionSchema{
		Attributes: []driver.OptionAttribute{
			{Name: "pace", Kind: driver.OptionString, Default: `"real_time"`, Enum: paceNames, Doc: "as the clock goes, or as fast as the samples are taken"},
			{Name: "clock_error_ppm", Kind: driver.OptionNumber, Default: "0", Min: number(-10000), Max: number(10000), Doc: "how much too fast the unit's sample clock runs"},
			{Name: "clock_drift_ppm_per_hour", Kind: driver.OptionNumber, Default: "0", Min: number(-1000), Max: number(1000), Doc: "by how much the clock error grows"},
			{Name: "delivery", Kind: driver.OptionInterval, Default: `"20ms"`, Min: fraction(1, 1000), Max: number(60), Doc: "time from one delivery to the next"},
			{Name: "seed", Kind: driver.OptionInteger, Default: "from the serial", Doc: "seed of all that is random in the unit"},
			{Name: "rearm", Kind: driver.OptionInterval, Default: `"1us"`, Min: number(0), Max: number(60), Doc: "block modes: time from the end of a waveform until the unit is armed again"},
			{Name: "first_sample", Kind: driver.OptionSamples, Default: "0", Min: number(0), Max: number(mostFirst), Doc: "streams: number of the first sample; those before it are told as lost"},
			{Name: "first_waveform", Kind: driver.OptionInteger, Default: "0", Min: number(0), Max: number(1<<32 - 1), Doc: "block modes: number of the first waveform, and of the first arming"},
			{Name: "truth", Kind: driver.OptionPath, Doc: "file that gets a line per second and event on what was really delivered and lost"},
		},
		Blocks: []driver.OptionBlockSchema{
			{Name: "digital", Labels: []string{"port"}, Repeated: true, Doc: "what a digital port sees", Body: digitalSchema()},
			{Name: "input", Labels: []string{"input"}, Repeated: true, Doc: "what a trigger input sees, EXT or AUX", Body: channelSchema()},
			{Name: "fault", Labels: []string{"kind"}, Repeated: true, Doc: "a fault on request: " + strings.Join(faultNames(), ", "), Body: faultSchema()},
		},
	}
}

func digitalSchema() driver.OptionSchema {
	return driver.OptionSchema{Attributes: []driver.OptionAttribute{
		{Name: "pattern", Kind: driver.OptionString, Default: `"counter"`, Enum: patternNames, Doc: "what the lines do"},
		{Name: "frequency", Kind: driver.OptionFrequency, Default: "one step per sample", Doc: "counter, walking: steps per second; clock: periods per second"},
		{Name: "value", Kind: driver.OptionInteger, Default: "0", Min: number(0), Max: number(255), Doc: "constant: the lines as a number, the lowest pin is bit 0"},
		{Name: "file", Kind: driver.OptionPath, Doc: "replay: a file of bytes, or a json description with digital lines"},
		{Name: "format", Kind: driver.OptionString, Default: `"auto"`, Enum: []string{"auto", "u8", "json"}, Doc: "replay: what the file holds"},
		{Name: "file_rate", Kind: driver.OptionRate, Default: "the file's own", Doc: "replay: rate of the recording, for playback = \"time\""},
		{Name: "playback", Kind: driver.OptionString, Default: `"sample"`, Enum: playbackNames, Doc: "replay: one byte per sample, or at the recording's own rate"},
		{Name: "loop", Kind: driver.OptionBool, Default: "true", Doc: "replay: begin again at the end"},
	}}
}

func faultSchema() driver.OptionSchema {
	return driver.OptionSchema{Attributes: []driver.OptionAttribute{
		{Name: "at", Kind: driver.OptionInterval, Min: number(0), Doc: "when, from the start of the acquisition"},
		{Name: "sample", Kind: driver.OptionSamples, Min: number(0), Doc: "when, as the number of the unit's sample since the start; instead of at"},
		{Name: "every", Kind: driver.OptionInterval, Doc: "at, sample: again after this time, until times is used up"},
		{Name: "call", Kind: driver.OptionString, Enum: callNames, Doc: "when the host makes this call; instead of at"},
		{Name: "times", Kind: driver.OptionInteger, Default: "1, with every 0", Min: number(0), Doc: "how often in all, over restarts of the plugin within a run; 0: always"},
		{Name: "count", Kind: driver.OptionSamples, Min: number(1), Default: "lose: 1000, uneven: 100, burst: 5, print: 10", Doc: "lose: samples; uneven: largest skew in samples; burst: most deliveries held back; print: lines"},
		{Name: "duration", Kind: driver.OptionInterval, Min: number(0), Default: `hang, stall: for ever, late: "100ms", unplug: "5s"`, Doc: "hang, stall, unplug: how long it lasts; late: longest delay of a delivery"},
		{Name: "for", Kind: driver.OptionInterval, Min: number(0), Default: "late, burst, uneven: until the stop, print: once", Doc: "for how long deliveries are disturbed, or lines are printed with each"},
		{Name: "announce", Kind: driver.OptionString, Default: `"exact"`, Enum: announceNames, Doc: "lose: whether the unit tells of the loss: its length, that there is one, or nothing"},
		{Name: "cause", Kind: driver.OptionString, Default: `"usb"`, Enum: causeNames(), Doc: "lose: the cause that is told"},
		{Name: "kind", Kind: driver.OptionString, Default: `"transient"`, Enum: kindNames(), Doc: "refuse, fail: kind of the error"},
		{Name: "how", Kind: driver.OptionString, Default: `crash: "segv", hang: "block"`, Enum: howNames, Doc: "crash: segv, abort, kill, panic, exit; hang: block, spin, stop (the whole process)"},
		{Name: "output", Kind: driver.OptionString, Default: `"both"`, Enum: outputNames, Doc: "print: where the lines go"},
		{Name: "text", Kind: driver.OptionString, Doc: "print: the line"},
		{Name: "what", Kind: driver.OptionString, Default: `"sequence"`, Enum: lieNames, Doc: "lie: which untruth is written into the ring"},
	}}
}
