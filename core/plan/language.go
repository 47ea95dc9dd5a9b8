package plan

// The language as tables: which attributes and blocks stand where. What they mean is in the file of each block.

var (
	rootSpec = &spec{blocks: map[string]*spec{
		"variable": {labels: []string{"name"}, many: true, attrs: []string{"default", "description", "sensitive"}},
		"locals":   {many: true, open: true},
		"run":      runSpec,
		"device":   {labels: deviceSpec.labels, many: true, open: true}, // decoder.device knows what may stand in it
		"event":    eventSpec,
		"on":       onSpec,
	}}

	runSpec = &spec{
		labels: []string{"name"},
		attrs: []string{
			"output", "duration", "samples", "until", "rotate", "sync", "max_memory", "hold", "adopt", "sha512", "keep",
			"notes", "tags",
		},
		required: []string{"output"},
		blocks: map[string]*spec{
			"disk":     {attrs: []string{"keep_free", "when_low", "retry_for"}},
			"schedule": {attrs: []string{"start", "every", "for", "windows", "timezone"}},
			"plugins":  {attrs: []string{"lock", "sandbox"}},
		},
	}

	// deviceSpec lacks the driver's own block, see decoder.deviceSpecFor.
	deviceSpec = &spec{
		labels: []string{"name"}, many: true,
		attrs: []string{
			"driver", "model", "serial", "library", "optional", "resolution", "power", "sample_format", "hang_after",
			"for_each",
		},
		required: []string{"driver"},
		blocks: map[string]*spec{
			"restart":          {attrs: []string{"backoff_max", "give_up_after"}},
			"channel":          channelSpec,
			"digital":          {labels: []string{"port"}, many: true, attrs: []string{"threshold", "hysteresis", "labels"}, example: `digital "D0-7" { ... }`},
			"stream":           streamSpec,
			"block":            blockSpec,
			"rapid_block":      rapidBlockSpec,
			"trigger":          triggerSpec,
			"signal_generator": generatorSpec,
		},
	}

	channelSpec = &spec{
		labels: []string{"name"}, many: true, example: `channel "A" { ... }`,
		attrs: []string{
			"range", "coupling", "offset", "bandwidth", "probe", "label", "unit", "scale", "scale_offset", "equation",
			"enabled",
		},
		required: []string{"range"},
	}

	downsampleSpec = &spec{attrs: []string{"mode", "ratio", "keep_raw"}, required: []string{"mode"}}

	streamSpec = &spec{
		attrs:  []string{"sample_rate", "sample_interval", "pre", "post", "stop_after_trigger"},
		blocks: map[string]*spec{"downsample": downsampleSpec},
	}

	blockAttrs = []string{"pre", "post", "sample_rate", "sample_interval", "timebase", "memory_segment", "repeat", "repeat_for", "every"}
	blockSpec  = &spec{attrs: blockAttrs, blocks: map[string]*spec{"downsample": downsampleSpec}}

	rapidBlockSpec = &spec{
		attrs:    append([]string{"captures"}, blockAttrs...),
		required: []string{"captures"},
		blocks:   map[string]*spec{"downsample": downsampleSpec},
	}

	triggerSpec = &spec{
		attrs: []string{"auto", "delay", "any_of"},
		blocks: map[string]*spec{
			"level": {
				labels: []string{"source"}, many: true, example: `level "A" { ... }`,
				attrs: []string{"name", "direction", "threshold", "hysteresis"}, required: []string{"direction", "threshold"},
			},
			"window": {
				labels: []string{"source"}, many: true, example: `window "A" { ... }`,
				attrs:    []string{"name", "direction", "lower", "upper", "lower_hysteresis", "upper_hysteresis"},
				required: []string{"direction", "lower", "upper"},
			},
			"digital": {
				labels: []string{"port"}, many: true, example: `digital "D0-7" { ... }`,
				attrs: []string{"name", "pins"}, required: []string{"pins"},
			},
			"pulse_width": {
				labels: []string{"source"}, example: `pulse_width "A" { ... }`,
				attrs:    []string{"name", "direction", "type", "lower", "upper", "when"},
				required: []string{"direction", "type"}, examples: map[string]string{"lower": `"10us"`, "upper": `"20us"`},
			},
		},
	}

	generatorAttrs = []string{
		"wave", "frequency", "amplitude", "offset", "enabled", "stop_frequency", "step", "dwell", "sweep", "shots",
		"sweeps", "operation",
	}
	generatorBlocks = map[string]*spec{
		"arbitrary": {attrs: []string{"file", "values", "expression", "sample_rate"}},
		"trigger": {
			attrs: []string{"type", "source", "level"}, required: []string{"type", "source"},
			examples: map[string]string{"type": `"rising"`, "source": `"scope"`},
		},
	}
	generatorSpec = &spec{
		attrs: generatorAttrs,
		blocks: map[string]*spec{
			"arbitrary": generatorBlocks["arbitrary"],
			"trigger":   generatorBlocks["trigger"],
			"change":    {labels: []string{"time"}, many: true, example: `change "10s" { ... }`, attrs: generatorAttrs, blocks: generatorBlocks},
		},
	}

	eventSpec = &spec{
		labels: []string{"name"}, many: true,
		attrs:    []string{"source", "level", "window", "slope", "direction", "over", "hysteresis", "start", "before", "after"},
		required: []string{"source"},
		examples: map[string]string{"source": `"cell.A"`},
	}

	onSpec = &spec{labels: []string{"event"}, many: true, attrs: []string{"command", "webhook", "timeout"}}
)
