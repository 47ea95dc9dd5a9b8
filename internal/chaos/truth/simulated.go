package truth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"os"
	"slices"
)

// simulatedLine is a line of the simulated driver's log.
type simulatedLine struct {
	Event    string  `json:"event"`
	MonoNS   int64   `json:"mono_ns"`
	PID      int     `json:"pid"`
	Interval string  `json:"interval_s"`
	Hardware int64   `json:"hardware"`
	Told     int64   `json:"lost_told"`
	Vague    int64   `json:"lost_vague"`
	Silent   int64   `json:"lost_silent"`
	Pushed   []int64 `json:"pushed"`
}

// Simulated reads the truth log of a simulated unit. ppm is by how much its clock is fast. The driver begins to count anew at each start, so
// the unit's count between runs is made from the times of the starts.
func Simulated(path, serial string, ppm float64) (*Unit, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	u := &Unit{Serial: serial, Rough: 2}
	for line := range bytes.Lines(text) {
		var l simulatedLine
		if err := json.Unmarshal(line, &l); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", path, line, err)
		}
		if err := u.takeSimulated(l, ppm); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return u, nil
}

func (u *Unit) takeSimulated(l simulatedLine, ppm float64) error {
	if l.Event == "start" {
		seconds, ok := new(big.Rat).SetString(l.Interval)
		if !ok {
			return fmt.Errorf("interval %q", l.Interval)
		}
		f, _ := seconds.Float64()
		u.IntervalNS = f * 1e9 / (1 + ppm*1e-6)
		r := Run{PID: l.PID, StartNS: l.MonoNS, Handed: -1}
		if len(u.Runs) > 0 {
			r.Counter = int64(math.Round(float64(l.MonoNS-u.Runs[0].StartNS) / u.IntervalNS))
		}
		u.Runs = append(u.Runs, r)
		return nil
	}
	if len(u.Runs) == 0 {
		return fmt.Errorf("%s before a start", l.Event)
	}
	r := &u.Runs[len(u.Runs)-1]
	if len(l.Pushed) > 0 {
		r.Lost = l.Told + l.Vague + l.Silent
		r.Handed = slices.Max(l.Pushed) + r.Lost
		r.Sure = l.Event == "stop"
	}
	return nil
}
