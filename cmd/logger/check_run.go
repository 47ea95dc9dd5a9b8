package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/scopelog/scopelog/driver/drivertest"
)

// The results of a rule.
const (
	ruleOK      = "ok"
	ruleBroken  = "broken"
	ruleSkipped = "skipped"
)

// checkReport gathers the results of the rules in their order.
type checkReport struct {
	ctx   context.Context          // when it ends no further rule is begun
	each  func(r ruleResult) error // gets every result; nil: none
	rules []ruleResult
	err   error // the first of each
}

// checkRun is one test of the conformance kit, as [drivertest.T] wants it. Tests that have tests below them are
// chapters; the others are rules. Tests run one after another.
type checkRun struct {
	report  *checkReport
	name    string
	below   bool // it has tests below it
	failed  bool
	skipped bool
	text    []string
}

var _ drivertest.T[*checkRun] = (*checkRun)(nil)

// Run runs a test below this one in a goroutine of its own, which Fatalf and Skipf end.
func (c *checkRun) Run(name string, f func(*checkRun)) bool {
	c.below = true
	sub := &checkRun{report: c.report, name: name}
	if c.name != "" {
		sub.name = c.name + ": " + name
	}
	if c.report.ctx.Err() != nil {
		return false
	}
	start := time.Now()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(sub)
	}()
	<-done
	c.failed = c.failed || sub.failed
	if !sub.below || len(sub.text) > 0 {
		sub.finish(time.Since(start).Seconds())
	}
	return !sub.failed
}

// finish adds the result to the report.
func (c *checkRun) finish(seconds float64) {
	r := ruleResult{Rule: c.name, Result: ruleOK, Seconds: seconds}
	switch {
	case c.failed:
		r.Result, r.Text = ruleBroken, c.text
	case c.skipped:
		r.Result, r.Text = ruleSkipped, c.text
	}
	c.report.rules = append(c.report.rules, r)
	if c.report.each == nil {
		return
	}
	if err := c.report.each(r); err != nil && c.report.err == nil {
		c.report.err = err
	}
}

// Helper does nothing: results name rules, not lines.
func (c *checkRun) Helper() {}

// Logf keeps a line for the case that the rule is broken.
func (c *checkRun) Logf(format string, args ...any) {
	c.text = append(c.text, fmt.Sprintf(format, args...))
}

// Errorf says that the rule is broken.
func (c *checkRun) Errorf(format string, args ...any) {
	c.failed = true
	c.Logf(format, args...)
}

// Fatalf says that the rule is broken and ends it.
func (c *checkRun) Fatalf(format string, args ...any) {
	c.Errorf(format, args...)
	runtime.Goexit()
}

// Skipf says that the rule cannot be checked and ends it.
func (c *checkRun) Skipf(format string, args ...any) {
	c.skipped = true
	c.Logf(format, args...)
	runtime.Goexit()
}
