package pythontest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
)

var (
	fence   = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```")
	runLine = regexp.MustCompile(`(?m)"recordings/[^"]*"`)
)

// sections returns the code blocks of a document in a language, by the headings that they stand under.
func sections(t *testing.T, doc, language string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", doc))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, part := range strings.Split("\n"+string(text), "\n## ")[1:] {
		title, body, _ := strings.Cut(part, "\n")
		for _, m := range fence.FindAllStringSubmatch(body, -1) {
			if m[1] == language {
				found[title] = append(found[title], m[2])
			}
		}
	}
	return found
}

// docCase is a section of docs/python.md: what it runs on, and what it must print. Without want that stands in the document itself.
type docCase struct {
	section string
	run     func() (string, error)
	scipy   bool
	want    func(t *testing.T, rec *recording.Recording) string
	check   func(t *testing.T, got string)
}

var docCases = []docCase{
	{section: "One stream", run: plainRun},
	{section: "Segments", run: gapsRun, want: wantSegments},
	{section: "Gaps", run: gapsRun, want: wantGaps},
	{section: "Time", run: plainRun, want: wantTime},
	{section: "Spectrum in constant memory", run: plainRun, scipy: true}, // the bin nearest to 1 kHz, and 1 V / sqrt 2
	{section: "Two devices", run: twoRun, check: checkAligned},
	{section: "Waveforms", run: rapidRun},
	{section: "Digital pins", run: plainRun}, // the pattern is a counter of one step a sample
	{section: "Aggregated streams", run: gapsRun, want: wantPairs},
	{section: "Notes and events", run: gapsRun, want: wantNotes},
	{section: "With our package", run: plainRun},
	{section: "Our package: waveforms", run: rapidRun},
	{section: "Our package: gaps and aggregated streams", run: gapsRun, want: wantLosses},
	{section: "Our package: two devices", run: twoRun},
}

// TestDocs runs the pieces of docs/python.md on recordings and compares what they print with what the recordings must give.
func TestDocs(t *testing.T) {
	t.Parallel()
	code, shown := sections(t, "python.md", "python"), sections(t, "python.md", "text")
	ours := map[string]bool{"While it records": true}
	for _, c := range docCases {
		ours[c.section] = true
		t.Run(c.section, func(t *testing.T) {
			t.Parallel()
			if ok, err := hasSciPy(); err != nil {
				t.Fatal(err)
			} else if c.scipy && !ok {
				t.Skip("no SciPy: this piece of docs/python.md is not proven; make deps installs it")
			}
			run := made(t, c.run)
			got := python(t, t.TempDir(), script(code, c.section, run))
			if c.check != nil {
				c.check(t, got)
				return
			}
			want := strings.Join(shown[c.section], "")
			if c.want != nil {
				want = c.want(t, open(t, run))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("it prints (-want +got)\n%s", diff)
			}
		})
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(ours)), slices.Sorted(maps.Keys(code))); diff != "" {
		t.Errorf("sections with code (-tested +there)\n%s", diff)
	}
}

// script puts the pieces of a section together, behind those that the document says it uses.
func script(code map[string][]string, section, run string) string {
	parts := slices.Clone(code[section])
	if section != "Segments" && section != "One stream" && !strings.Contains(strings.ToLower(section), "our package") {
		parts = slices.Insert(parts, 0, code["Segments"][0])
	}
	return runLine.ReplaceAllLiteralString(strings.Join(parts, "\n"), strconv.Quote(run))
}

func wantSegments(t *testing.T, rec *recording.Recording) string {
	s := rec.Stream("bench.A")
	return fmt.Sprintf("%d %d 49.8\n", len(s.Segments()), s.Samples()) // 5 V x 10 A/V - 0.2 A
}

func wantGaps(t *testing.T, rec *recording.Recording) string {
	s := rec.Stream("bench.A")
	from, to := s.DeviceRange()
	var b strings.Builder
	for _, r := range s.Ranges(from, to) {
		lost := ""
		if r.Gap != nil {
			lost = fmt.Sprintf("%d lost (%s)", r.Gap.Lost, r.Gap.Cause)
		}
		fmt.Fprintf(&b, "%d %d %s\n", r.From, r.To-r.From, lost)
	}
	if len(s.Gaps()) < 3 { // where the machine is slow the last one may have no sample behind it
		t.Fatalf("the recording has too few gaps:\n%s", &b)
	}
	fmt.Fprintf(&b, "%d %d\n", to-from, to-from-s.Samples())
	return b.String()
}

func wantTime(t *testing.T, rec *recording.Recording) string {
	s := rec.Stream("bench.A")
	text := func(i int64) string {
		at, _ := s.TimeOf(i)
		return strings.TrimSuffix(at.String(), "Z")
	}
	value := make([]float64, 1)
	if _, err := s.Values(value, 50_050); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %s\n50050 %.1f\n", text(0), text(4), value[0])
}

func wantNotes(t *testing.T, rec *recording.Recording) string {
	var b strings.Builder
	for _, a := range rec.Stream("bench.A").Annotations() {
		fmt.Fprintf(&b, "%s %d %d %s\n", a.Label, a.SampleStart, a.SampleCount, a.Comment)
	}
	// The pattern of the document's file names takes those of bench.A.max and bench.A.min too.
	var lines []string
	for _, name := range []string{"bench.A", "bench.A.max", "bench.A.min"} {
		for _, g := range rec.Stream(name).Segments() {
			key := g.Base
			for _, a := range g.Annotations() {
				lines = append(lines, fmt.Sprintf("%s\x00%s %d %d %s\n", key, a.Label, a.SampleStart, a.SampleCount, a.Comment))
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b string) int {
		ka, _, _ := strings.Cut(a, "\x00")
		kb, _, _ := strings.Cut(b, "\x00")
		return strings.Compare(ka, kb)
	})
	b.Reset()
	for _, l := range lines {
		_, text, _ := strings.Cut(l, "\x00")
		b.WriteString(text)
	}
	for _, e := range events(t, rec.Dir()) {
		fmt.Fprintf(&b, "%s %s %s\n", e.Kind, e.Device, e.Text)
	}
	return b.String()
}

// checkAligned compares the sample of the right device with that of the left one: they began at nearly the same time, and have half the rate.
func checkAligned(t *testing.T, got string) {
	var k, same, points, pairs int
	var ordered string
	if _, err := fmt.Sscanf(got, "%d %d %d\n%d %s", &k, &same, &points, &pairs, &ordered); err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	if k != 200_000 || points < 2 || pairs < 1 || ordered != "True" {
		t.Errorf("it prints %s", got)
	}
	// How far apart two devices begin depends on how busy the machine is.
	if same < 50_000 || same > 150_000 {
		t.Errorf("sample 200,000 of 100 kS/s was taken with sample %d of 50 kS/s", same)
	}
}

func wantPairs(_ *testing.T, rec *recording.Recording) string {
	return fmt.Sprintf("10 (%d, 2) True True\n", rec.Stream("bench.A.min").Segments()[0].Samples)
}

func wantLosses(_ *testing.T, rec *recording.Recording) string {
	var b strings.Builder
	for _, g := range rec.Stream("bench.A").Gaps() {
		exact := "False"
		if g.Exact {
			exact = "True"
		}
		fmt.Fprintf(&b, "%d %d %s %s\n", g.StreamIndex, g.Lost, g.Cause, exact)
	}
	return b.String() + "10 1/10000 True True\n"
}

// TestDocsLive follows a run as docs/python.md says, while it is recorded: all that is printed is in the sealed recording, and ended at a sync.
func TestDocsLive(t *testing.T) {
	t.Parallel()
	code := sections(t, "python.md", "python")
	l := startLive(t, "docs-live", livePlan)
	got := python(t, t.TempDir(), script(code, "While it records", l.dir))
	l.end(syscall.SIGINT)
	s := open(t, l.dir).Stream("bench.A")
	last := int64(0)
	lines := strings.Split(strings.TrimSpace(got), "\n")
	for _, line := range lines {
		var seen, n, length, low, high int64
		if _, err := fmt.Sscan(line, &seen, &n, &length, &low, &high); err != nil {
			t.Fatalf("%v: %s", err, got)
		}
		if seen != last || n <= seen || length > n-seen {
			t.Errorf("it prints %q behind %d", line, last)
		}
		last = n
		lo, hi := extremes(t, s, n-length, n)
		if low != lo || high != hi {
			t.Errorf("%q, but the samples are %d to %d", line, lo, hi)
		}
	}
	if len(lines) < 2 || last < 250_000 || !synced(t, l.dir, "bench", last) {
		t.Errorf("it prints\n%s", got)
	}
}

// TestDocsKilled follows a run whose recorder was killed: the piece ends, with what was synced.
func TestDocsKilled(t *testing.T) {
	t.Parallel()
	code := sections(t, "python.md", "python")
	l := startLive(t, "docs-killed", livePlan)
	await(t, "samples of bench", func() bool {
		return slices.ContainsFunc(journal(t, l.dir, "bench"), func(line recording.Line) bool {
			s, ok := line.(*recording.JournalSync)
			return ok && s.Streams["bench.A"].N > 0
		})
	})
	l.end(syscall.SIGKILL)
	text := script(code, "While it records", l.dir)
	short := strings.Replace(text, "quiet < 50", "quiet < 3", 1)
	if short == text {
		t.Fatal("the piece does not give up")
	}
	got := strings.Split(strings.TrimSpace(python(t, t.TempDir(), short)), "\n")
	var seen, n int64
	if _, err := fmt.Sscan(got[len(got)-1], &seen, &n); err != nil || !synced(t, l.dir, "bench", n) {
		t.Errorf("it prints %q, %v", got, err)
	}
}
