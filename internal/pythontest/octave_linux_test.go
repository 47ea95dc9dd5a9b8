package pythontest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/recording"
)

// TestMatlab runs the pieces of docs/matlab.md in GNU Octave.
func TestMatlab(t *testing.T) {
	t.Parallel()
	octave, err := exec.LookPath("octave-cli")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no octave-cli: the pieces of docs/matlab.md are not proven; make deps installs it")
	} else if err != nil {
		t.Fatal(err)
	}
	code := sections(t, "matlab.md", "matlab")
	left := len(code)
	for _, c := range []struct {
		section string
		run     func() (string, error)
		want    func(*testing.T, *recording.Recording) string
	}{
		{"One stream", plainRun, func(*testing.T, *recording.Recording) string { return "100000 V 1.000 5e-06\n" }},
		{"Segments", gapsRun, func(t *testing.T, rec *recording.Recording) string {
			return fmt.Sprintf("%d 49.8\n", rec.Stream("bench.A").Samples())
		}},
		{"Gaps", gapsRun, wantOctaveGaps},
		{"Time", plainRun, func(t *testing.T, rec *recording.Recording) string {
			at, _ := rec.Stream("bench.A").TimeOf(0)
			text := strings.TrimSuffix(at.String(), "Z")
			return fmt.Sprintf("%s 0%s 0.000020\n", text[11:19], text[19:])
		}},
		{"Waveforms", rapidRun, func(*testing.T, *recording.Recording) string { return "500 300 100 -4.000 1\n" }},
		{"Digital pins", plainRun, func(*testing.T, *recording.Recording) string { return "300000 500 [0 1 2 3]\n" }},
		{"Aggregated streams", gapsRun, func(_ *testing.T, rec *recording.Recording) string {
			return fmt.Sprintf("10 %d 0.0001 1\n", rec.Stream("bench.A.min").Captures()[1].SampleStart)
		}},
		{"Two devices", twoRun, func(*testing.T, *recording.Recording) string { return "0 200000 1\n" }},
		{"While it records", plainRun, func(*testing.T, *recording.Recording) string { return "300000\n" }},
	} {
		t.Run(c.section, func(t *testing.T) {
			run := made(t, c.run)
			parts := append([]string{code["Segments"][0], fmt.Sprintf("folder = '%s';\n", run)}, code[c.section]...)
			if c.section == "Segments" {
				parts = append(parts[:2], code["Segments"][1])
			}
			text := strings.Join(parts, "\n")
			if i := strings.Index(text, "folder = 'recordings/"); i >= 0 { // the document's own
				end := i + strings.Index(text[i:], "\n")
				text = text[:i] + text[end:]
			}
			file := t.TempDir() + "/piece.m"
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			cmd := command(ctx, t.TempDir(), octave, "--no-init-file", "--quiet", file)
			var stderr bytes.Buffer // some versions complain there whenever they end
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, &stderr, out)
			}
			if diff := cmp.Diff(c.want(t, open(t, run)), string(out)); diff != "" {
				t.Errorf("it prints (-want +got)\n%s", diff)
			}
		})
		left--
	}
	if left != 0 {
		t.Errorf("%d sections with code are not run", left)
	}
}

func wantOctaveGaps(t *testing.T, rec *recording.Recording) string {
	s := rec.Stream("bench.A")
	var b strings.Builder
	for _, c := range s.Captures() {
		if c.Gap != nil {
			fmt.Fprintf(&b, "%d lost before %d (%s)\n", c.Gap.Lost, c.GlobalIndex, c.Gap.Cause)
		}
	}
	from, to := s.DeviceRange()
	fmt.Fprintf(&b, "%d %d\n", to-from, to-from-s.Samples())
	return b.String()
}
