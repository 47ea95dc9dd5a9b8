// Command testreport reads the output of "go test -json" and prints one line a package, what failing tests said,
// the ten slowest tests and a closing count. It exits 1 when anything failed or nothing ran.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"time"
)

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

type testKey struct{ pkg, test string }

type report struct {
	out                     io.Writer
	output                  map[testKey][]string
	times                   map[testKey]float64
	skips                   []string
	passed, failed, skipped int
	broken                  bool // a package failed to build or to end well
}

func main() {
	r := &report{out: os.Stdout, output: map[testKey][]string{}, times: map[testKey]float64{}}
	start := time.Now()
	if err := r.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	if !r.close(time.Since(start)) {
		os.Exit(1)
	}
}

func (r *report) read(in io.Reader) error {
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 1<<20), 64<<20)
	for s.Scan() {
		var e event
		if json.Unmarshal(s.Bytes(), &e) != nil {
			fmt.Fprintln(r.out, s.Text()) // not of go test: the build's own words
			continue
		}
		r.add(e)
	}
	return s.Err()
}

func (r *report) add(e event) {
	k := testKey{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "build-fail":
		r.broken = true
	case "output":
		r.output[k] = append(r.output[k], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.pkg(e)
		} else {
			r.test(k, e)
		}
	}
}

func (r *report) test(k testKey, e event) {
	r.times[k] = e.Elapsed
	switch e.Action {
	case "pass":
		r.passed++
	case "skip":
		r.skipped++
		r.skips = append(r.skips, fmt.Sprintf("%s %s: %s", k.pkg, k.test, reason(r.output[k])))
	case "fail":
		r.failed++
		fmt.Fprintf(r.out, "--- FAIL %s %s (%.2fs)\n%s", k.pkg, k.test, e.Elapsed, strings.Join(r.output[k], ""))
	}
	delete(r.output, k)
}

// reason finds the line in which a test says why it skipped.
func reason(lines []string) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if l := strings.TrimSpace(lines[i]); l != "" && !strings.HasPrefix(l, "---") && !strings.HasPrefix(l, "===") {
			return l
		}
	}
	return "no reason given"
}

func (r *report) pkg(e event) {
	k := testKey{e.Package, ""}
	if e.Action == "fail" {
		r.broken = true
		for key, lines := range r.output { // what ran when the package died
			if key.pkg == e.Package {
				fmt.Fprint(r.out, strings.Join(lines, ""))
			}
		}
	}
	if e.Action != "skip" {
		fmt.Fprintf(r.out, "%-4s %s %.1fs\n", e.Action, e.Package, e.Elapsed)
	}
	delete(r.output, k)
}

func (r *report) close(took time.Duration) bool {
	keys := make([]testKey, 0, len(r.times))
	for k := range r.times {
		if !strings.Contains(k.test, "/") {
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return r.times[keys[i]] > r.times[keys[j]] })
	fmt.Fprintln(r.out, "\nten slowest tests:")
	for _, k := range keys[:min(10, len(keys))] {
		fmt.Fprintf(r.out, "%8.2fs %s %s\n", r.times[k], k.pkg, k.test)
	}
	for _, s := range r.skips {
		fmt.Fprintln(r.out, "skipped:", s)
	}
	fmt.Fprintf(r.out, "tests took %s\n%d passed, %d failed, %d skipped\n", took.Round(time.Second), r.passed, r.failed, r.skipped)
	return r.failed == 0 && !r.broken && r.passed > 0
}
