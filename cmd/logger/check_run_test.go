package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestCheckRun(t *testing.T) {
	report := &checkReport{ctx: context.Background()}
	c := &checkRun{report: report}
	c.Run("chapter", func(c *checkRun) {
		c.Run("kept", func(c *checkRun) { c.Logf("nobody asks") })
		c.Run("broken", func(c *checkRun) {
			c.Errorf("first %d", 1)
			c.Errorf("second")
		})
		c.Run("broken at once", func(c *checkRun) {
			c.Fatalf("no way")
			c.Errorf("not reached")
		})
		if !c.Run("skipped", func(c *checkRun) { c.Skipf("no unit") }) {
			t.Error("a rule that is skipped counts as broken")
		}
	})
	want := []ruleResult{
		{Rule: "chapter: kept", Result: ruleOK},
		{Rule: "chapter: broken", Result: ruleBroken, Text: []string{"first 1", "second"}},
		{Rule: "chapter: broken at once", Result: ruleBroken, Text: []string{"no way"}},
		{Rule: "chapter: skipped", Result: ruleSkipped, Text: []string{"no unit"}},
	}
	if diff := cmp.Diff(want, report.rules, cmpopts.IgnoreFields(ruleResult{}, "Seconds")); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if !c.failed {
		t.Error("the whole does not fail although rules are broken")
	}
}

func TestCheckRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	report := &checkReport{ctx: ctx}
	c := &checkRun{report: report}
	c.Run("first", func(*checkRun) { cancel() })
	c.Run("second", func(*checkRun) {})
	if len(report.rules) != 1 {
		t.Errorf("%d rules were checked, want 1", len(report.rules))
	}
}

// TestSimKeepsTheContract runs the whole command on a real plugin.
func TestSimKeepsTheContract(t *testing.T) {
	if os.Getenv("SCOPELOG_LONG") == "" {
		t.Skip("takes half a minute, and the plugin's own tests check the contract too; SCOPELOG_LONG=1 runs it")
	}
	a, out := newTestApp(t, map[string]string{envPlugins: pluginDir})
	code := a.finish(newRoot(a).execute(context.Background(), []string{"plugins", "check", "--slack", "5", "sim"}))
	if code != 0 || !strings.Contains(out.stdout.String(), " 0 broken") {
		t.Errorf("exit code %d\n%s%s", code, out.stdout.String(), out.stderr.String())
	}
}
