package plot

import "github.com/scopelog/scopelog/recording"

// Caption is what stands above a figure.
type Caption struct {
	Title    string // "soak: cell.A, cell.B"
	Subtitle string // from when to when
}

// CaptionOf names a run, streams, and the moments of the first sample and behind the last one.
func CaptionOf(r *recording.Recording, streams []string, from, until recording.Timestamp) Caption {
	return Caption{titleOf(r, streams), spanText(from, 0, float64(until-from)/1e9)}
}
