package plan

// examples are values for errors to show, in the plan's syntax.
var examples = map[string]string{
	"output": `"recordings"`, "duration": `"10m"`, "samples": `"10MS"`, "until": `"2030-01-31T06:00:00Z"`, "rotate": `"10m"`, "sync": `"1s"`,
	"max_memory": `"25%"`, "hold": `"4s"`, "adopt": `"3s"`, "keep_free": `"1GiB"`, "retry_for": `"10m"`, "notes": `"first run"`,
	"start": `"06:00"`, "every": `"1h"`, "for": `"10m"`, "timezone": `"Europe/Berlin"`, "lock": `"plugins.lock"`,
	"driver": `"NAME"`, "serial": `"AB123/0456"`, "resolution": `"12bit"`, "hang_after": `"30s"`, "backoff_max": `"30s"`, "give_up_after": `"1h"`,
	"range": `"5V"`, "offset": `"0V"`, "bandwidth": `"20MHz"`, "probe": `"x10"`, "label": `"cell current"`, "unit": `"A"`, "scale": `"100A/V"`,
	"scale_offset": `0.5`, "equation": `"2 * v + 1"`,
	"sample_rate": `"1MS/s"`, "sample_interval": `"1us"`, "timebase": `3`, "memory_segment": `0`, "pre": `"10us"`, "post": `"90us"`,
	"repeat": `10`, "repeat_for": `"1h"`, "captures": `1000`, "mode": `"aggregate"`, "ratio": `100`,
	"auto": `"1s"`, "delay": `"10us"`, "direction": `"rising"`, "threshold": `"1V"`, "hysteresis": `"50mV"`, "over": `"1ms"`, "lower": `"-0.5V"`, "upper": `"0.5V"`,
	"lower_hysteresis": `"50mV"`, "upper_hysteresis": `"50mV"`, "pins": `{ D0 = "rising", D3 = "high" }`, "any_of": `[["A", "!B"]]`, "when": `[["A"]]`,
	"wave": `"sine"`, "frequency": `"1kHz"`, "amplitude": `"2V"`, "stop_frequency": `"10kHz"`, "step": `"100Hz"`, "dwell": `"10ms"`,
	"shots": `1`, "sweeps": `1`, "type": `"greater_than"`, "source": `"A"`, "level": `"1V"`, "window": `["-1V", "1V"]`, "slope": `"5V/ms"`,
	"before": `"1s"`, "after": `"1s"`, "file": `"wave.csv"`, "expression": `"sin(2 * pi * x)"`, "values": `[0, 1, 0, -1]`, "name": `"long"`,
}
