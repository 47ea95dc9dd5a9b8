package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/recording"
)

// mostDamage is how many damaged ranges verify prints for people; --json has all.
const mostDamage = 50

// verifyOptions are the flags of verify.
type verifyOptions struct {
	proof []string // channels as DEVICE.CHANNEL, or devices; allChannels: all of them; empty: none
	json  bool
}

// allChannels is the value of --proof without a list.
const allChannels = "all"

func verifyCommand(a *app) *cobra.Command {
	var o verifyOptions
	c := &cobra.Command{
		Use:   "verify RUN",
		Short: "recompute every checksum of a recording",
		Long: `Read a whole recording and recompute all that can be: checksums, sizes, the
chain of sample indexes, metadata. Each damaged range is named by stream,
segment, device index and time. Nothing is changed. Damage gives exit code 6;
loss that is stored as gaps is not damage. A run that records now is checked as
far as it is synced.`,
		GroupID: groupRecordings,
		Args:    takes(1, 1),
		RunE:    func(c *cobra.Command, args []string) error { return runVerify(c.Context(), a, args[0], o) },
	}
	c.Flags().StringSliceVar(&o.proof, "proof", nil,
		"compare samples with the proof signal: of all channels, or with --proof=`DEVICE.CHANNEL` of those; a device's name stands for its channels")
	c.Flags().Lookup("proof").NoOptDefVal = allChannels
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON document")
	return c
}

// verifyDocument is what verify --json prints.
type verifyDocument struct {
	FormatVersion string           `json:"format_version"`
	Run           string           `json:"run"`
	Dir           string           `json:"dir"`
	State         recording.State  `json:"state"`
	OK            bool             `json:"ok"`
	Streams       []verifiedStream `json:"streams"`
	Damage        []damageJSON     `json:"damage"`
	Problems      []problemJSON    `json:"problems"`
	Notes         []string         `json:"notes"`
}

type verifiedStream struct {
	Name     string `json:"name"`
	Segments int    `json:"segments"`
	Samples  int64  `json:"samples"`
	Bytes    int64  `json:"bytes"`
	Checked  int64  `json:"checked_bytes"`
	Gaps     int64  `json:"gaps"`
	Lost     int64  `json:"lost"`
	LostMin  int64  `json:"lost_min"`
	LostMax  int64  `json:"lost_max"`
	NotKept  int64  `json:"not_kept"` // recorded, and removed again by a rule of the plan: no loss
	Proven   int64  `json:"proven_samples"`
	Wrong    int64  `json:"wrong_samples"` // that are not the proof signal
	// Truncated: not all ranges of wrong samples are in the list of damage.
	Truncated bool `json:"truncated,omitempty"`
	// Waveforms counts those of block modes.
	Waveforms int64 `json:"waveforms"`
}

type damageJSON struct {
	Kind       recording.DamageKind `json:"kind"`
	Stream     string               `json:"stream"`
	Segment    int                  `json:"segment"`
	File       string               `json:"file"`
	From       int64                `json:"stream_from"`
	To         int64                `json:"stream_to"`
	DeviceFrom int64                `json:"device_from"`
	DeviceTo   int64                `json:"device_to"`
	Start      recording.Timestamp  `json:"start"`
	End        recording.Timestamp  `json:"end"`
	Known      bool                 `json:"known"`
	Proof      *proofJSON           `json:"proof,omitempty"`
}

type proofJSON struct {
	StreamIndex int64 `json:"stream_index"`
	DeviceIndex int64 `json:"device_index"`
	EpochIndex  int64 `json:"epoch_index"`
	Have        int64 `json:"have"`
	Want        int64 `json:"want"`
	Shift       int64 `json:"shift"` // raw samples; 0: the signal does not go on elsewhere
}

type problemJSON struct {
	File string `json:"file"`
	Text string `json:"text"`
}

func runVerify(ctx context.Context, a *app, run string, o verifyOptions) error {
	dir, err := a.findRun(run)
	if err != nil {
		return err
	}
	report, err := recording.Verify(ctx, dir, recording.VerifyOptions{Proof: len(o.proof) > 0, Progress: a.reading(time.Now)})
	a.screen.clear()
	if err != nil {
		return err
	}
	if err := selectProof(&report, o.proof); err != nil {
		return err
	}
	a.tellOpen(&report)
	if o.json {
		err = writeJSON(a.stdout, verifyResult(&report))
	} else {
		err = printVerify(a, &report, len(o.proof) > 0)
	}
	if err != nil {
		return err
	}
	if !report.OK() {
		return quiet(causeDamage, "damage found")
	}
	return nil
}

// selectProof leaves out what the proof signal says of streams that were recorded from something else.
func selectProof(r *recording.Report, channels []string) error {
	if len(channels) == 0 || slices.Contains(channels, allChannels) {
		return nil
	}
	used := map[string]bool{}
	for i := range r.Streams {
		s := &r.Streams[i]
		wanted := false
		for _, c := range channels {
			if s.Name == c || strings.HasPrefix(s.Name, c+".") {
				wanted, used[c] = true, true
			}
		}
		if wanted {
			continue
		}
		s.Proven, s.Wrong, s.Truncated = 0, 0, false
		s.Damage = slices.DeleteFunc(s.Damage, func(d recording.Damage) bool { return d.Kind == recording.DamageProof })
	}
	for _, c := range channels {
		if !used[c] {
			return usageError(fmt.Errorf("--proof %s: the recording has no such channel", c), "")
		}
	}
	return nil
}

// notSealed is how the note of a recording that is not sealed begins.
const notSealed = "the run is not sealed"

// tellOpen says of a recording that is not sealed whether it is being recorded, as its lock tells, or waits for a repair.
func (a *app) tellOpen(r *recording.Report) {
	i := slices.IndexFunc(r.Notes, func(n string) bool { return strings.HasPrefix(n, notSealed) })
	if i < 0 {
		return
	}
	opened, err := recording.Open(r.Dir)
	if err != nil {
		return
	}
	s, err := opened.Summarise()
	switch {
	case err != nil:
	case s.Live:
		r.Notes[i] = notSealed + ": it is being recorded, and was checked as far as it is synced"
	default:
		r.Notes[i] = fmt.Sprintf("%s, and nobody records it any more; %s", notSealed, unsealedAdvice(a, r.Dir))
	}
}

// reading returns a function that shows on a terminal how far a recording is read.
func (a *app) reading(now func() time.Time) func(done, total int64) {
	return a.tellProgress(now, func(done, total int64, rate float64) string {
		line := fmt.Sprintf("%s of %s  %s", formatBytes(done), formatBytes(total), percent(float64(done)/float64(total)))
		if rate > 0 {
			line += fmt.Sprintf("  %s  left %s", formatRate(rate), formatClock(float64(total-done)/rate))
		}
		return line
	})
}

func verifyResult(r *recording.Report) verifyDocument {
	d := verifyDocument{
		FormatVersion: formatVersion, Run: r.Run, Dir: r.Dir, State: r.State, OK: r.OK(),
		Streams: []verifiedStream{}, Damage: damageList(r.Damage()), Problems: []problemJSON{}, Notes: append([]string{}, r.Notes...),
	}
	for _, s := range r.Streams {
		d.Streams = append(d.Streams, verifiedStream{
			Name: s.Name, Segments: s.Segments, Samples: s.Samples, Bytes: s.Bytes,
			Checked: s.Checked, Gaps: s.Gaps, Lost: s.Lost, LostMin: s.LostMin, LostMax: s.LostMax, Proven: s.Proven,
			NotKept: s.NotKept, Waveforms: s.Waveforms, Wrong: s.Wrong, Truncated: s.Truncated,
		})
	}
	for _, p := range r.Problems {
		d.Problems = append(d.Problems, problemJSON(p))
	}
	return d
}

// proofText says of which streams not all wrong ranges are listed, and which do not look like the proof signal at all.
func proofText(r *recording.Report) string {
	var b strings.Builder
	for _, s := range r.Streams {
		if s.Truncated {
			fmt.Fprintf(&b, "%s: and more: ranges of samples that are not the proof signal are not listed beyond 100 of a segment\n", s.Name)
		}
	}
	for _, s := range r.Streams {
		if s.Wrong > s.Proven { // a few match by chance
			fmt.Fprintf(&b, "%s: %s of %s samples are not the proof signal: does this channel carry it? name those that do with --proof=DEVICE.CHANNEL\n",
				s.Name, formatCount(s.Wrong), formatCount(s.Wrong+s.Proven))
		}
	}
	return b.String()
}

// damageList is a list of damaged ranges for programs.
func damageList(ranges []recording.Damage) []damageJSON {
	out := []damageJSON{}
	for _, g := range ranges {
		j := damageJSON{
			Kind: g.Kind, Stream: g.Stream, Segment: g.Segment, File: g.File, From: g.From, To: g.To,
			DeviceFrom: g.DeviceFrom, DeviceTo: g.DeviceTo, Start: g.Start, End: g.End, Known: g.Known,
		}
		if g.Proof != nil {
			p := proofJSON(*g.Proof)
			j.Proof = &p
		}
		out = append(out, j)
	}
	return out
}

func printVerify(a *app, r *recording.Report, proof bool) error {
	headings := []string{"STREAM", ">SEGMENTS", ">SAMPLES", ">CHECKED", ">GAPS", ">LOST"}
	blocks := slices.ContainsFunc(r.Streams, func(s recording.StreamReport) bool { return s.Waveforms > 0 })
	removed := slices.ContainsFunc(r.Streams, func(s recording.StreamReport) bool { return s.NotKept > 0 })
	if removed {
		headings = append(headings, ">NOT KEPT")
	}
	if blocks {
		headings = append(headings, ">WAVEFORMS")
	}
	if proof {
		headings = append(headings, ">PROVEN")
	}
	t := newTable(append(headings, "RESULT")...)
	for _, s := range r.Streams {
		row := []string{
			s.Name, formatCount(int64(s.Segments)), formatCount(s.Samples), formatBytes(s.Checked),
			formatCount(s.Gaps), formatCount(s.Lost),
		}
		if removed {
			row = append(row, formatCount(s.NotKept))
		}
		if blocks {
			row = append(row, formatCount(s.Waveforms))
		}
		if proof {
			row = append(row, formatCount(s.Proven))
		}
		result := "good"
		if n := len(s.Damage); n > 0 {
			result = plural(n, "damaged range")
		}
		if s.Truncated {
			result += " and more"
		}
		t.add(append(row, result)...)
	}
	var b strings.Builder
	if err := t.write(&b, a.color); err != nil {
		return err
	}
	damage := recording.JoinDamage(r.Damage())
	for i, d := range damage {
		if i == mostDamage {
			fmt.Fprintf(&b, "and %s more; --json lists all\n", plural(len(damage)-mostDamage, "damaged range"))
			break
		}
		fmt.Fprintf(&b, "%s %s\n", paint(a.color, red, "damaged:"), d)
	}
	b.WriteString(proofText(r))
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "%s %s\n", paint(a.color, red, "wrong:"), p)
	}
	if slices.ContainsFunc(r.Problems, func(p recording.Problem) bool { return journalPart.MatchString(p.File) }) {
		b.WriteString("  a damaged line of a journal is never mended, also not by a repair; a stream that is good above has lost no sample by it\n")
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	if r.OK() {
		fmt.Fprintf(&b, "%s: %s\n", r.Dir, paint(a.color, green, "no damage"))
	} else {
		fmt.Fprintf(&b, "%s: %s\n", r.Dir, paint(a.color, red, "damage found"))
	}
	return emit(a.stdout, b.String())
}
