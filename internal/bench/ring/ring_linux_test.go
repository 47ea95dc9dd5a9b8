package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// TestMain lets the tests' program be the other side of a transfer, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if role, ok := roles[os.Args[1]]; ok {
			exitOn(role(os.Args[2:]))
			return
		}
	}
	goleak.VerifyTestMain(m)
}

func testTools(t *testing.T) *tools {
	t.Helper()
	if _, err := exec.LookPath("cc"); err != nil {
		if found, _ := filepath.Glob("/usr/*bin/cc"); len(found) > 0 {
			t.Fatalf("%s exists but is not in PATH", found)
		}
		t.Skip("no C compiler: ", err)
	}
	tools, err := compile(t.Context(), "../../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tools.remove)
	return tools
}

// TestTransfers moves a little every way: what arrives is checked by each of them.
func TestTransfers(t *testing.T) {
	all := contestants(testTools(t), 0.001)
	if err := all.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := all.report(&text); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if len(c.speed) != 1 || !(c.speed[0] > 0) || len(c.cost) != 1 || !(c.cost[0] > 0) {
			t.Errorf("%s: speed %v, cost %v", c.name, c.speed, c.cost)
		}
		if !strings.Contains(text.String(), c.name) {
			t.Errorf("%s is not in the report:\n%s", c.name, text.String())
		}
	}
}

func TestLatencies(t *testing.T) {
	tools := testTools(t)
	for name, p := range map[string]part{"wakes": &wakes{tools: tools, count: 20}, "callbacks": newCallbacks(tools, 200)} {
		if err := p.round(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var text strings.Builder
		if err := p.report(&text); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text.String(), "not measured") {
			t.Errorf("%s:\n%s", name, text.String())
		}
	}
}

// TestShortTransfer makes sure that a transfer that is not whole is noticed.
func TestShortTransfer(t *testing.T) {
	r := &reader{}
	r.read(source()[:512])
	if err := r.check(512); err != nil {
		t.Error(err)
	}
	if r.check(768) == nil || (&reader{bytes: 512, zeros: 1}).check(512) == nil {
		t.Error("a part of it passed for the whole")
	}
}

// TestFailures makes sure that neither a child nor a program that fails is taken for a figure, or waited for.
func TestFailures(t *testing.T) {
	if c, err := startChild(context.Background(), roleRing, []string{"1024"}); err == nil {
		c.kill()
		t.Error("a producer without a ring is ready")
	}
	var into struct{}
	if err := testTools(t).run(t.Context(), "pair", &into, nil, nil, "1"); err == nil {
		t.Error("wrong arguments passed")
	}
	if err := run(t.Context(), options{only: "nothing", root: "../../.."}); err == nil {
		t.Error("a part that is not there was measured")
	}
	var s measure.Series
	if s.Format("%f") != "-" {
		t.Error("a series without rounds has a figure")
	}
}
