package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"
)

// report prints rules as they are checked, and counts them.
type report struct {
	out                     io.Writer
	o                       options
	passed, failed, skipped int
}

func newReport(out io.Writer, o options) *report { return &report{out: out, o: o} }

// node is one test of the kit: the root, a group or a rule.
type node struct {
	r     *report
	path  []string // names from the group on
	notes []string
	fail  bool
	skip  bool
	inner bool // it has subtests, and is no rule itself
}

func (r *report) root(f func(*node)) { r.run(&node{r: r}, f) }

// run calls f in a goroutine of its own, since Fatalf and Skipf end it.
func (r *report) run(n *node, f func(*node)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(n)
	}()
	<-done
}

// Run checks a subtest.
func (n *node) Run(name string, f func(*node)) bool {
	n.inner = true
	sub := &node{r: n.r, path: append(append([]string(nil), n.path...), name)}
	full := strings.Join(sub.path, "/")
	if len(sub.path) > 1 && n.r.o.only != nil && !n.r.o.only.MatchString(full) {
		return true
	}
	began := time.Now()
	n.r.run(sub, f)
	n.fail = n.fail || sub.fail
	if !sub.inner {
		n.r.print(sub, full, time.Since(began))
	}
	return !sub.fail
}

func (r *report) print(n *node, name string, took time.Duration) {
	word := "ok  "
	switch {
	case n.fail:
		word = "FAIL"
		r.failed++
	case n.skip:
		word = "skip"
		r.skipped++
	default:
		r.passed++
	}
	fmt.Fprintf(r.out, "%s  %s (%.1f s)\n", word, name, took.Seconds())
	if n.fail || n.skip || r.o.verbose {
		for _, note := range n.notes {
			fmt.Fprintf(r.out, "      %s\n", strings.ReplaceAll(note, "\n", "\n      "))
		}
	}
}

func (n *node) note(format string, args ...any) {
	n.notes = append(n.notes, fmt.Sprintf(format, args...))
}

// Helper is there because tests have it.
func (n *node) Helper() {}

// Logf keeps a note.
func (n *node) Logf(format string, args ...any) { n.note(format, args...) }

// Errorf says that the rule is broken, and goes on.
func (n *node) Errorf(format string, args ...any) {
	n.note(format, args...)
	n.fail = true
}

// Fatalf says that the rule is broken, and ends it.
func (n *node) Fatalf(format string, args ...any) {
	n.Errorf(format, args...)
	runtime.Goexit()
}

// Skipf says why the rule cannot be checked, and ends it.
func (n *node) Skipf(format string, args ...any) {
	n.note(format, args...)
	n.skip = true
	runtime.Goexit()
}
