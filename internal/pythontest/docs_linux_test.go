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

// docCase is a section of docs/python.md: what it runs on, and what it must print.
type docCase struct {
	section string
	run     func() (string, error)
	scipy   bool
	want    func(t *testing.T, rec *recording.Recording) string
}

var docCases = []docCase{
	{section: "One stream", run: plainRun, want: func(*testing.T, *recording.Recording) string { return "300000 V 1.0 5e-06\n" }},
	{section: "Segments", run: gapsRun, want: wantSegments},
	{section: "Gaps", run: gapsRun, want: wantGaps},
	{section: "Time", run: plainRun, want: wantTime},
	{section: "Spectrum in constant memory", run: plainRun, scipy: true, want: func(*testing.T, *recording.Recording) string {
		return "145 977 0.71\n" // the bin nearest to 1 kHz, and 1 V / sqrt 2
	}},
	{section: "Two devices", run: twoRun},
	{section: "Waveforms", run: rapidRun, want: func(*testing.T, *recording.Recording) string {
		return "(300, 500) {100} 299 True True\n500 -4.0 0.0\n"
	}},
	{section: "Digital pins", run: plainRun, want: func(*testing.T, *recording.Recording) string {
		return "(1000, 8) 500 [0, 1, 2, 3]\n" // the pattern is a counter of one step a sample
	}},
	{section: "Notes and events", run: gapsRun, want: wantNotes},
	{section: "With our package", run: plainRun},
}

// TestDocs runs the pieces of docs/python.md on recordings and compares what they print with what the recordings must give.
func TestDocs(t *testing.T) {
	t.Parallel()
	code := sections(t, "python.md", "python")
	ours := map[string]bool{"While it records": true}
	for _, c := range docCases {
		ours[c.section] = true
		t.Run(c.section, func(t *testing.T) {
			t.Parallel()
			if ok, err := hasSciPy(); err != nil {
				t.Fatal(err)
			} else if c.scipy && !ok {
				t.Skip("SciPy is not installed")
			}
			run := made(t, c.run)
			got := python(t, t.TempDir(), script(code, c.section, run))
			switch {
			case c.want != nil:
				if diff := cmp.Diff(c.want(t, open(t, run)), got); diff != "" {
					t.Errorf("it prints (-want +got)\n%s", diff)
				}
			case c.section == "Two devices":
				checkAligned(t, got)
			default:
				checkPackage(t, open(t, run), got)
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
	if section != "Segments" && section != "One stream" && section != "With our package" {
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
	if strings.Count(b.String(), "lost") < 3 {
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

func checkPackage(t *testing.T, rec *recording.Recording, got string) {
	s := rec.Stream("bench.A")
	counts := make([]byte, 6)
	if _, err := s.ReadAt(counts, 0); err != nil {
		t.Fatal(err)
	}
	n := func(k int) int16 { return int16(counts[2*k]) | int16(counts[2*k+1])<<8 }
	want := fmt.Sprintf("sealed ['bench.A', 'bench.D0-7'] SIM-16\n300000 V 1/200000 0\nint16 [%d, %d, %d] float64\n300000 0\n0 300000 True\n20000 1000 299999\nfloat64\n1.0 1.0 300000\n", n(0), n(1), n(2))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("it prints (-want +got)\n%s", diff)
	}
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
