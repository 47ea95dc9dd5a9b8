package recording

import "encoding/json"

// Gap is a stretch of samples that were not recorded. LostMin and LostMax are meaningful only when Exact is false, PositionMin and PositionMax
// only when Cause is [CauseInferred]; reading sets the bounds of an exact gap to Lost.
type Gap struct {
	Cause                    Cause
	Lost                     int64 // samples of the stream; the best estimate when not exact
	Exact                    bool
	LostMin, LostMax         int64     // bounds that contain the truth
	PositionMin, PositionMax int64     // bounds of the place, stream indexes
	From, To                 Timestamp // end of the last sample before, first sample after; 0: unknown
	MonoFromNS, MonoToNS     int64     // the same on CLOCK_MONOTONIC; 0: unknown, or the boot changed in between
}

type gapJSON struct {
	Cause       Cause     `json:"cause"`
	Lost        int64     `json:"lost"`
	Exact       bool      `json:"exact"`
	LostMin     *int64    `json:"lost_min,omitempty"`
	LostMax     *int64    `json:"lost_max,omitempty"`
	PositionMin *int64    `json:"position_min,omitempty"`
	PositionMax *int64    `json:"position_max,omitempty"`
	From        Timestamp `json:"from,omitzero"`
	To          Timestamp `json:"to,omitzero"`
	MonoFromNS  int64     `json:"mono_from_ns,omitzero"`
	MonoToNS    int64     `json:"mono_to_ns,omitzero"`
}

// MarshalJSON writes the keys that apply to the gap.
func (g Gap) MarshalJSON() ([]byte, error) {
	j := gapJSON{Cause: g.Cause, Lost: g.Lost, Exact: g.Exact, From: g.From, To: g.To, MonoFromNS: g.MonoFromNS, MonoToNS: g.MonoToNS}
	if !g.Exact {
		j.LostMin, j.LostMax = &g.LostMin, &g.LostMax
	}
	if g.Cause == CauseInferred {
		j.PositionMin, j.PositionMax = &g.PositionMin, &g.PositionMax
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads a gap object.
func (g *Gap) UnmarshalJSON(b []byte) error {
	var j gapJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*g = Gap{
		Cause: j.Cause, Lost: j.Lost, Exact: j.Exact, LostMin: j.Lost, LostMax: j.Lost,
		From: j.From, To: j.To, MonoFromNS: j.MonoFromNS, MonoToNS: j.MonoToNS,
	}
	set := func(dst *int64, v *int64) {
		if v != nil {
			*dst = *v
		}
	}
	if !g.Exact {
		set(&g.LostMin, j.LostMin)
		set(&g.LostMax, j.LostMax)
	}
	if g.Cause == CauseInferred {
		set(&g.PositionMin, j.PositionMin)
		set(&g.PositionMax, j.PositionMax)
	}
	return nil
}

// Bounds returns the least and the greatest number of samples that may be missing.
func (g Gap) Bounds() (lo, hi int64) {
	if g.Exact {
		return g.Lost, g.Lost
	}
	return g.LostMin, g.LostMax
}

// Merge returns the gap that g and the later gap h, which follows it without a sample in between, are together.
func (g Gap) Merge(h Gap) Gap {
	glo, ghi := g.Bounds()
	hlo, hhi := h.Bounds()
	m := g
	m.Cause = MergeCauses(g.Cause, h.Cause)
	m.Lost, m.LostMin, m.LostMax = g.Lost+h.Lost, glo+hlo, ghi+hhi
	m.Exact = g.Exact && h.Exact
	m.To, m.MonoToNS = h.To, h.MonoToNS
	switch {
	case g.Cause != CauseInferred:
		m.PositionMin, m.PositionMax = h.PositionMin, h.PositionMax
	case h.Cause == CauseInferred:
		m.PositionMin, m.PositionMax = min(g.PositionMin, h.PositionMin), max(g.PositionMax, h.PositionMax)
	}
	return m
}

// Capture is a stretch of a stream without loss inside: samples from SampleStart up to the next capture follow each other in device time.
// Pointers are nil where the key is absent.
type Capture struct {
	SampleStart int64     `json:"core:sample_start"` // stream index of the first sample
	GlobalIndex int64     `json:"core:global_index"` // device index of the first sample
	Datetime    Timestamp `json:"core:datetime"`     // UTC of the first sample as known when it was written
	Epoch       int       `json:"daq:epoch"`
	Gap         *Gap      `json:"daq:gap,omitempty"` // loss just before this capture

	Scale  *float64    `json:"daq:scale,omitempty"` // for this capture only
	Offset *float64    `json:"daq:offset,omitempty"`
	Range  *[2]float64 `json:"daq:range,omitempty"`

	Waveform        *int64 `json:"daq:waveform,omitempty"`
	Arm             *int64 `json:"daq:arm,omitempty"`
	MemorySegment   *int64 `json:"daq:memory_segment,omitempty"`
	TriggerPosition *int64 `json:"daq:trigger_position,omitempty"` // samples from the capture's start
	TriggerOffsetFS *int64 `json:"daq:trigger_offset_fs,omitempty"`
	DeadTimeNS      *int64 `json:"daq:dead_time_ns,omitempty"`

	// MonoNS is CLOCK_MONOTONIC of the first sample, 0 when unknown. Only table rows store it.
	MonoNS int64 `json:"-"`
}

// Lost returns the number of samples missing just before c: the jump of the chain rule.
func (c *Capture) Lost() int64 {
	if c.Gap == nil {
		return 0
	}
	return c.Gap.Lost
}
