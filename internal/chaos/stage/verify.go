package stage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Verdict is what is used of what the command verify says.
type Verdict struct {
	Code    int  `json:"-"`
	OK      bool `json:"ok"`
	Streams []struct {
		Name      string `json:"name"`
		Samples   int64  `json:"samples"`
		Gaps      int64  `json:"gaps"`
		Lost      int64  `json:"lost"`
		LostMin   int64  `json:"lost_min"`
		LostMax   int64  `json:"lost_max"`
		Proven    int64  `json:"proven_samples"`
		Waveforms int64  `json:"waveforms"`
	} `json:"streams"`
	Damage   []json.RawMessage `json:"damage"`
	Problems []json.RawMessage `json:"problems"`
	Notes    []string          `json:"notes"`
}

// Verify has the program check a recording against the proof signal, on the channels of all devices that see it.
func (s *Place) Verify(ctx context.Context, dir string, devices []*Device) (Verdict, error) {
	var channels []string
	for _, d := range devices {
		for _, c := range strings.Split(d.Channels, "") {
			if slices.Contains(d.NoProof(), c) {
				continue
			}
			channels = append(channels, d.Name+"."+c)
		}
	}
	code, out, err := s.Command(ctx, "verify", "--json", "--proof="+strings.Join(channels, ","), dir)
	v := Verdict{Code: code}
	if err != nil {
		return v, err
	}
	if i := strings.LastIndex(string(out), "}"); i >= 0 {
		out = out[:i+1]
	}
	if err := json.Unmarshal(out, &v); err != nil {
		return v, fmt.Errorf("verify says %q: %w", out, err)
	}
	return v, nil
}

// Wrong lists what verify finds wrong.
func (v Verdict) Wrong() []string {
	var list []string
	if !v.OK || v.Code != 0 {
		list = append(list, fmt.Sprintf("verify: exit code %d, ok %v", v.Code, v.OK))
	}
	for i, d := range append(v.Problems, v.Damage...) {
		if i < 5 {
			list = append(list, "verify: "+string(d))
		}
	}
	return list
}

// Vouched is the verdict without the damage that the recording itself tells of: samples that nobody vouches for, and overviews that were made of them when they were
// still right.
func (v Verdict) Vouched() Verdict {
	told := 0
	var bases []string
	v.Damage = slices.DeleteFunc(slices.Clone(v.Damage), func(raw json.RawMessage) bool {
		var d struct {
			Kind  string `json:"kind"`
			Known bool   `json:"known"`
			File  string `json:"file"`
		}
		is := json.Unmarshal(raw, &d) == nil && (d.Kind == "unverified" || d.Known)
		if is {
			told++
			bases = append(bases, strings.TrimSuffix(d.File, ".sigmf-data")+".ov")
		}
		return is
	})
	v.Problems = slices.DeleteFunc(slices.Clone(v.Problems), func(raw json.RawMessage) bool {
		var p struct {
			File string `json:"file"`
		}
		return json.Unmarshal(raw, &p) == nil && slices.ContainsFunc(bases, func(base string) bool { return strings.HasPrefix(p.File, base) })
	})
	const damaged = 6
	if told > 0 && len(v.Damage) == 0 && len(v.Problems) == 0 && v.Code == damaged {
		v.OK, v.Code = true, 0
	}
	return v
}
