package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/judge"
)

// report is what a session has shown, by kind.
type report struct {
	machine string
	took    time.Duration
	seed    uint64
	rows    map[string]*row
	left    map[string]string
	wrong   []string // what the trials that were not as they should be have to say, a line each
}

// row is what came of the trials of one kind.
type row struct {
	tried, failed int
	lost          []float64 // ms of the harmed device, one a trial
	others        int64     // samples that devices lost which may not
	waveforms     bool
	recover       []float64 // s
	seeds         []string  // the trial that took longest to recover, or the first; then those that failed
	slowest       float64
}

func (s *session) report(machine string, began time.Time) *report {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &report{machine: machine, took: time.Since(began), seed: s.o.seed, rows: map[string]*row{}, left: s.left}
	for _, o := range s.tried {
		w := r.rows[o.ticket.kind.name]
		if w == nil {
			w = &row{seeds: []string{""}}
			r.rows[o.ticket.kind.name] = w
		}
		w.add(o)
		if len(o.wrong) > 0 {
			r.wrong = append(r.wrong, fmt.Sprintf("`%s`: %s", o.ticket, wrongText(o.wrong)))
		}
	}
	return r
}

// wrongText is the first of the complaints about a trial, on one line.
func wrongText(wrong []string) string {
	text, _, _ := strings.Cut(wrong[0], "\n")
	if len(wrong) > 1 {
		text += fmt.Sprintf("; and %d more", len(wrong)-1)
	}
	return text
}

func (w *row) add(o outcome) {
	w.tried++
	if len(o.wrong) > 0 {
		w.failed++
		w.seeds = append(w.seeds, o.ticket.String())
	}
	for _, l := range o.losses {
		if l.Device == victim {
			w.lost = append(w.lost, l.Milliseconds)
			w.waveforms = w.waveforms || l.WaveformsHave > 0
		} else {
			w.others += l.Told
		}
	}
	w.recover = append(w.recover, o.recover...)
	longest := 0.0
	for _, s := range o.recover {
		longest = max(longest, s)
	}
	if w.seeds[0] == "" || longest > w.slowest {
		w.seeds[0], w.slowest = o.ticket.String(), longest
	}
}

// failed is how many trials were not as they should be.
func (r *report) failed() (n int) {
	for _, w := range r.rows {
		n += w.failed
	}
	return n
}

// lossText says what one trial lost.
func lossText(losses []judge.Loss) string {
	var parts []string
	for _, l := range losses {
		switch {
		case l.Told > 0 || l.Gaps > 0:
			parts = append(parts, fmt.Sprintf("%s lost %d in %d gaps (%d to %d, really %d)", l.Device, l.Told, l.Gaps, l.Min, l.Max, l.True))
		case l.WaveformsHave > 0:
			parts = append(parts, fmt.Sprintf("%s has %d waveforms", l.Device, l.WaveformsHave))
		}
	}
	if len(parts) == 0 {
		return "nothing lost"
	}
	return strings.Join(parts, "; ")
}

// lostText says what the harmed device lost in all trials.
func (w *row) lostText() string {
	text := "nothing"
	if most := slices.Max(append([]float64{0}, w.lost...)); most > 0 {
		text = fmt.Sprintf("%s, worst %s", milliseconds(median(w.lost)), milliseconds(most))
	}
	if w.waveforms {
		text += " of streams; waveforms are whole"
	}
	if w.others > 0 {
		text += fmt.Sprintf("; others %d samples", w.others)
	}
	return text
}

func milliseconds(ms float64) string {
	if ms >= 10_000 {
		return fmt.Sprintf("%.1f s", ms/1e3)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(list))
	return s[len(s)/2]
}

// markdown is the table.
func (r *report) markdown() string {
	var b strings.Builder
	tried := 0
	for _, w := range r.rows {
		tried += w.tried
	}
	fmt.Fprintf(&b, "%s: %d trials of %d kinds in %s, %d not as they should be. Seed of the session: %d.\n",
		r.machine, tried, len(r.rows), r.took.Round(time.Second), r.failed(), r.seed)
	for _, g := range groups() {
		fmt.Fprintf(&b, "\n### %s\n\n| kind | what is done | tried | lost by the harmed device (median) | expected | seconds to record again: median, worst | replay |\n|---|---|---|---|---|---|---|\n", g.title)
		for _, k := range g.kinds {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.name, k.fault, r.cells(k))
		}
	}
	if len(r.wrong) > 0 {
		b.WriteString("\n### Not as it should be\n\n")
	}
	for _, line := range r.wrong {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	return b.String()
}

// cells are the rest of a kind's line.
func (r *report) cells(k kind) string {
	w := r.rows[k.name]
	if w == nil {
		why := "not tried in this session"
		if reason := r.left[k.name]; reason != "" {
			why = "cannot be tried on this machine: " + reason
		}
		return fmt.Sprintf("0 | %s | %s | | ", why, k.expect)
	}
	tried := fmt.Sprint(w.tried)
	if w.failed > 0 {
		tried += fmt.Sprintf(", **%d wrong**", w.failed)
	}
	recover := ""
	if len(w.recover) > 0 {
		recover = fmt.Sprintf("%.2f, %.2f", median(w.recover), slices.Max(w.recover))
	}
	seeds := slices.Clone(w.seeds[:1])
	for _, s := range w.seeds[1:] {
		if s != seeds[0] {
			seeds = append(seeds, s)
		}
	}
	const most = 4
	if len(seeds) > most {
		seeds = seeds[:most]
	}
	return fmt.Sprintf("%s | %s | %s | %s | `%s`", tried, w.lostText(), k.expect, recover, strings.Join(seeds, "` `"))
}

// print writes a short form for terminals.
func (r *report) print(w io.Writer) error {
	var b bytes.Buffer
	for _, k := range allKinds() {
		row := r.rows[k.name]
		if row == nil {
			continue
		}
		fmt.Fprintf(&b, "%-28s tried %3d  wrong %3d  lost %s", k.name, row.tried, row.failed, row.lostText())
		if len(row.recover) > 0 {
			fmt.Fprintf(&b, "  again after %.2f s, worst %.2f s", median(row.recover), slices.Max(row.recover))
		}
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}

// The markers between which the table stands.
const (
	tableBegin = "<!-- the table below is written by make chaos -->"
	tableEnd   = "<!-- end of the table -->"
)

// writeInto replaces what stands between the markers of a file.
func (r *report) writeInto(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(text), tableBegin)
	_, tail, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s lacks the line %q or %q", path, tableBegin, tableEnd)
	}
	return os.WriteFile(path, []byte(head+tableBegin+"\n\n"+r.markdown()+"\n"+tableEnd+tail), 0o644)
}

// list prints the kinds.
func list(w io.Writer) {
	for _, g := range groups() {
		fmt.Fprintf(w, "%s\n", g.title)
		for _, k := range g.kinds {
			fmt.Fprintf(w, "  %-28s %s\n  %-28s -> %s\n", k.name, k.fault, "", k.expect)
		}
	}
}
