package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// testBin is where the programs are: of the folder that SCOPELOG_BIN names, or built for these tests.
var testBin string

func TestMain(m *testing.M) {
	code, err := withPrograms(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withPrograms(m *testing.M) (int, error) {
	if testBin = os.Getenv("SCOPELOG_BIN"); testBin != "" {
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "chaos")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	testBin = dir
	if err := emulator.Build(context.Background(), filepath.Join(dir, "emulator"), emulator.Options{}); err != nil {
		return 0, err
	}
	if err := os.Mkdir(filepath.Join(dir, "plugins"), 0o755); err != nil {
		return 0, err
	}
	const module = "github.com/scopelog/scopelog/"
	for _, args := range [][]string{
		{"build", "-o", filepath.Join(dir, "logger"), module + "cmd/logger"},
		{"build", "-o", filepath.Join(dir, "plugins") + "/", module + "plugins/sim", module + "plugins/ps2000a", module + "plugins/ps5000a", module + "plugins/ps6000a"},
	} {
		build := exec.Command("go", args...)
		build.Env = append(os.Environ(), "CGO_ENABLED=1")
		if out, err := build.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("go %v: %w\n%s", args, err, out)
		}
	}
	return m.Run(), nil
}

func testEnvironment(t *testing.T) *environment {
	t.Helper()
	p, err := programsIn(testBin)
	if err != nil {
		t.Fatal(err)
	}
	return &environment{programs: p, disk: 256 << 20}
}

// shortKinds is how many kinds the short form tries, each once; the long form tries all that are quick.
const shortKinds = 30

// TestShort tries kinds of faults once each, some at a time. Which ones is told by a seed that is printed: each trial that fails says how it is
// replayed. Three tries go to kinds that were found to fail before.
func TestShort(t *testing.T) {
	e := testEnvironment(t)
	seed := uint64(1) // the same kinds each time; another one by SCOPELOG_SEED
	if text := os.Getenv("SCOPELOG_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("seed %d", seed)
	var kinds []kind
	for _, k := range allKinds() {
		if k.needs != nil {
			if err := k.needs(e); err != nil {
				t.Logf("%s cannot be tried here: %v", k.name, err)
				continue
			}
		}
		if !k.long && !k.alone {
			kinds = append(kinds, k)
		}
	}
	r := rand.New(rand.NewPCG(seed, 1))
	r.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	if os.Getenv("SCOPELOG_LONG") != "1" {
		kinds = kinds[:min(shortKinds, len(kinds))]
	}
	dir := t.TempDir()
	work := make(chan kind)
	var wg sync.WaitGroup
	for range 3 * runtime.NumCPU() {
		wg.Go(func() {
			for k := range work {
				o := try(t.Context(), e, ticket{k, seedOf(seed, k.name, 0)}, dir, func(string, ...any) {})
				if len(o.wrong) > 0 {
					log, _ := os.ReadFile(filepath.Join(o.dir, "stderr.log"))
					t.Errorf("%s, %.1f s: go run ./internal/chaos -replay %s\n%s\n%s", k.name, o.took.Seconds(), o.ticket, strings.Join(o.wrong, "\n"), log)
				}
			}
		})
	}
	for _, k := range kinds {
		work <- k
	}
	close(work)
	wg.Wait()
}

// TestNotExpected: a loss that nobody expected, a wrong exit code and a process that is left are found in a trial that is otherwise well.
func TestNotExpected(t *testing.T) {
	e := testEnvironment(t)
	harm := kind{name: "not-expected", fault: "a plugin is killed", expect: "nothing: so it must be found", act: func(t *trial) error {
		t.harmed(simulated)
		if namespaces(e) == nil { // a disk that is gone when the trial has ended
			if _, err := t.small(256 * mebibyte); err != nil {
				return err
			}
		}
		if err := t.start(); err != nil {
			return err
		}
		if err := t.signal(victim, syscall.SIGKILL); err != nil {
			return err
		}
		if err := t.again(victim, 1); err != nil {
			return err
		}
		left := exec.Command("sleep", "60")
		left.Env = append(os.Environ(), t.place.Rig.Env())
		if err := left.Start(); err != nil {
			return err
		}
		t.cleanup = append(t.cleanup, func() error { _ = left.Wait(); return nil }) // the trial ends it
		return t.stop()
	}}
	o := try(t.Context(), e, ticket{harm, 1}, t.TempDir(), t.Logf)
	all := strings.Join(o.wrong, "\n")
	for _, want := range []string{"the exit code is 3", "none should be", "has the cause restart", " sleep"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not found:\n%s", want, all)
		}
	}
	if len(o.recover) != 1 || o.recover[0] <= 0 {
		t.Errorf("recovered %v", o.recover)
	}
}

// TestKinds: at least 40, each told in words, none twice; and a ticket can be written and read.
func TestKinds(t *testing.T) {
	all := allKinds()
	if len(all) < 40 {
		t.Errorf("%d kinds", len(all))
	}
	seen := map[string]bool{}
	for _, k := range all {
		if seen[k.name] || k.name == "" || k.fault == "" || k.expect == "" || k.act == nil || strings.ContainsAny(k.fault+k.expect, "|\n") {
			t.Errorf("%q: %q, %q", k.name, k.fault, k.expect)
		}
		seen[k.name] = true
		text := ticket{k, seedOf(7, k.name, 3)}.String()
		if back, err := parseTicket(text); err != nil || back.String() != text {
			t.Errorf("%s becomes %s, %v", text, back, err)
		}
	}
	for _, bad := range []string{"", "no-harm", "no-harm/x", "nothing/1"} {
		if _, err := parseTicket(bad); err == nil {
			t.Errorf("%q is a ticket", bad)
		}
	}
	if _, err := kindsNamed("no-harm,nothing"); err == nil {
		t.Error("there is a kind nothing")
	}
}

// TestSameSeed: the same seed sets the same trial up.
func TestSameSeed(t *testing.T) {
	plan := func(seed uint64) string {
		place, err := stage.NewPlace(filepath.Join(t.TempDir(), "p"), stage.Programs{})
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(place.Runtime)
		place.Out = "out"
		tr := &trial{r: rand.New(rand.NewPCG(seed, 0)), causes: map[string][]string{}, exit: []int{0}}
		tr.harmed(anyUnit()...)
		text := place.Text(tr.plan)
		return strings.ReplaceAll(text, place.Dir, "") + tr.plan.Rig()
	}
	if a, b := plan(5), plan(5); a != b {
		t.Errorf("%s\n%s", a, b)
	}
	if plan(5) == plan(6) {
		t.Error("two seeds make one trial")
	}
}

// TestTable: the table is put between its markers, and says what was not tried.
func TestTable(t *testing.T) {
	all := allKinds()
	s := &session{o: options{seed: 9}, left: map[string]string{all[2].name: "it needs a moon"}}
	s.tried = []outcome{
		{ticket: ticket{all[0], 1}, recover: []float64{0.5}},
		{ticket: ticket{all[1], 2}, recover: []float64{0.5, 1.5}, wrong: []string{"x"}},
		{ticket: ticket{all[1], 3}, recover: []float64{0.25}},
	}
	path := filepath.Join(t.TempDir(), "x.md")
	if err := os.WriteFile(path, []byte("head\n"+tableBegin+"\nformer table\n"+tableEnd+"\ntail\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := s.report("a machine", time.Now())
	if err := r.writeInto(path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, want := range []string{
		"head\n" + tableBegin, tableEnd + "\ntail\n", "a machine: 3 trials of 2 kinds", "1 not as they should be", "it needs a moon", "not tried in this session",
		"2, **1 wrong**", "0.50, 1.50", all[1].name + "/2",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "former table") || r.failed() != 1 {
		t.Errorf("%d failed", r.failed())
	}
	if err := os.WriteFile(path, []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.writeInto(path); err == nil {
		t.Error("a file without markers is written")
	}
	if lines := strings.Split(r.markdown(), "\n"); !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "| `"+all[3].name) }) {
		t.Error("a kind that was not tried has no line")
	}
}
