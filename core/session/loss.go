package session

import "github.com/scopelog/scopelog/core/recorder"

// beyondGaps says how many of the samples that the vendor library counted as lost do not stand in gaps yet. Where gaps
// are estimates that may be as long as that, none are.
func beyondGaps(samples int64, inside recorder.Inside) int64 {
	if samples <= inside.Most {
		return 0
	}
	return samples - inside.Lost
}
