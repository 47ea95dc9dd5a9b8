package loop

import (
	"fmt"
	"time"
)

// Input is what a loop knows of a buffer or a set of buffers that take turns; ModeAggregate stands for two such, the smallest behind the largest.
type Input struct {
	Mode    Mode
	Format  Format
	MaxCode int32
}

// feed is one buffer's content: an input of one kind.
type feed struct {
	input int // index in the configuration
	kind  Kind
	Input
}

// feeds are the inputs with aggregates taken apart, in the order in which the sources number them.
func feeds(inputs []Input) []feed {
	var list []feed
	for i, in := range inputs {
		switch in.Mode {
		case ModeAggregate:
			list = append(list, feed{i, Max, in}, feed{i, Min, in})
		case ModeDecimate:
			list = append(list, feed{i, Decimated, in})
		case ModeAverage:
			list = append(list, feed{i, Averaged, in})
		default:
			list = append(list, feed{i, Raw, in})
		}
	}
	return list
}

// route is how a stream gets its samples.
type route struct {
	feed     int
	computed bool
}

func converts(from, to Format) bool {
	return from == to || from == Int16 && (to == Uint8 || to == Int8) || from == Int8 && (to == Uint8 || to == Int16)
}

// routeOf finds the feed of a stream.
func routeOf(s Stream, list []feed) (route, bool) {
	for i, f := range list {
		if f.input == s.Input && (f.kind == s.Kind || f.Mode == ModeRaw) {
			return route{i, f.kind != s.Kind}, true
		}
	}
	return route{}, false
}

func checkStream(s Stream, c *Common, inputs []Input, list []feed) (route, error) {
	if s.Input < 0 || s.Input >= len(inputs) {
		return route{}, fmt.Errorf("there is no input %d", s.Input)
	}
	if s.Lane < 0 || s.Lane >= MaxStreams {
		return route{}, fmt.Errorf("there is no lane %d", s.Lane)
	}
	r, ok := routeOf(s, list)
	switch {
	case s.Kind > Averaged:
		return r, fmt.Errorf("there is no kind %d", s.Kind)
	case !ok:
		return r, fmt.Errorf("input %d brings no samples of kind %d, nor raw ones to compute them from", s.Input, s.Kind)
	case !converts(inputs[s.Input].Format, s.Format):
		return r, fmt.Errorf("format %d cannot become %d", inputs[s.Input].Format, s.Format)
	case r.computed && c.Ratio < 2:
		return r, fmt.Errorf("a computed stream needs a ratio of at least 2, not %d", c.Ratio)
	case r.computed && s.Digital && s.Kind == Averaged:
		return r, fmt.Errorf("a digital port has no mean")
	}
	return r, nil
}

// check judges a configuration by itself and returns how its streams are fed.
func check(c *Common, inputs []Input, list []feed) ([]route, error) {
	if len(inputs) == 0 || len(list) > MaxInputs {
		return nil, configError("%d inputs", len(inputs))
	}
	if len(c.Streams) == 0 || len(c.Streams) > MaxStreams {
		return nil, configError("%d streams", len(c.Streams))
	}
	for i, in := range inputs {
		switch {
		case in.Mode > ModeAverage:
			return nil, configError("input %d: there is no mode %d", i, in.Mode)
		case in.Format != Int16 && in.Format != Int8:
			return nil, configError("input %d: libraries do not write format %d", i, in.Format)
		case in.Mode != ModeRaw && c.Ratio < 1:
			return nil, configError("input %d: groups need a ratio", i)
		case in.MaxCode < 0:
			return nil, configError("input %d: largest code %d", i, in.MaxCode)
		}
	}
	var routes []route
	lanes := map[int]bool{}
	for i, s := range c.Streams {
		r, err := checkStream(s, c, inputs, list)
		if err != nil {
			return nil, configError("stream %d: %v", i, err)
		}
		if lanes[s.Lane] {
			return nil, configError("stream %d: lane %d has a stream already", i, s.Lane)
		}
		lanes[s.Lane] = true
		routes = append(routes, r)
	}
	if t := c.Trigger; t != nil && (t.Stop && (t.After < 1 || t.After > maxAfter || t.Auto > maxAfter) || !t.Stop && (t.After > 0 || t.Auto > 0)) {
		return nil, configError("trigger %+v", *t)
	}
	if len(c.PowerCodes) > maxPowerCodes {
		return nil, configError("%d power codes, at most %d", len(c.PowerCodes), maxPowerCodes)
	}
	if c.PollInterval < 0 || c.Gather < 0 || c.Gather > maxGather || c.Watermark < 0 || c.Drain < 0 {
		return nil, configError("poll interval %v, gather %v, watermark %d, drain %v", c.PollInterval, c.Gather, c.Watermark, c.Drain)
	}
	return routes, nil
}

// ratioOf is the number of raw samples behind each sample of a kind.
func ratioOf(k Kind, c *Common) uint32 {
	if k == Raw {
		return 1
	}
	return max(c.Ratio, 1)
}

// pollInterval is the rest between polls when buffers hold so much time.
func pollInterval(c *Common, buffers time.Duration) time.Duration {
	if c.PollInterval > 0 {
		return c.PollInterval
	}
	return min(max(buffers/6, minPoll), maxPoll)
}
