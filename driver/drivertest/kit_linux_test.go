package drivertest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	Serve(kitDriver{fault: os.Getenv("KIT_FAULT")})
	// Most of these tests wait for other processes.
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// self is the driver of the tests, with a fault.
func self(t *testing.T, fault string) Target {
	t.Helper()
	target := Self()
	target.Env = append(target.Env, "KIT_FAULT="+fault, "KIT_LOCK="+filepath.Join(t.TempDir(), "lock"))
	target.Slack = 2
	return target
}

// TestConformance: a driver that keeps the contract passes.
func TestConformance(t *testing.T) {
	t.Parallel()
	Run(t, self(t, ""))
}

// recorder is a T that keeps what it is told.
type recorder struct {
	failures []string
	skipped  bool
}

func (r *recorder) Helper()             {}
func (r *recorder) Logf(string, ...any) {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Skipf(string, ...any) {
	r.skipped = true
	runtime.Goexit()
}

// TestFaultsAreFound: for each rule there is a driver that breaks it, and the rule says so.
func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	faults := map[string][]string{
		"names itself":                                 {"summary"},
		"describes itself twice alike":                 {"describe"},
		"models are consistent":                        {"ranges", "codes"},
		"options are well formed":                      {"options"},
		"discovers units":                              {"discover", "model"},
		"opens by serial":                              {"abilities"},
		"refuses an unknown serial":                    {"serial"},
		"refuses an unknown model":                     {"open-model"},
		"refuses a unit in use":                        {"busy"},
		"tells what the unit can do":                   {"unit-caps"},
		"says what was applied":                        {"scale"},
		"refuses an unknown range":                     {"range", "range-field", "range-nearest"},
		"refuses an unknown channel":                   {"channel"},
		"refuses a channel twice":                      {"twice"},
		"refuses an impossible interval":               {"interval"},
		"refuses a mode that is not ready":             {"not-ready"},
		"delivers and accounts for every sample":       {"account", "uneven", "stamp", "wait"},
		"keeps its rate":                               {"rate"},
		"aggregates beside the raw samples":            {"aggregate", "keep-raw"},
		"captures blocks":                              {"wave-short", "wave-number", "wave-stamp", "wave-reason", "wave-count"},
		"captures rapid blocks":                        {"wave-arming"},
		"aggregates beside the raw samples of a block": {"wave-groups"},
		"waits for room":                               {"wave-drop"},
		"waits for a trigger":                          {"wait-event", "wait-progress"},
		"triggers by itself after a time":              {"trigger-point"},
		"waits for an order to arm":                    {"arm-itself", "arm-ended"},
		"refuses a second order":                       {"arm-twice"},
		"stops while it waits for an order":            {"arm-stop"},
		"brings all captures of an order":              {"arm-fewer", "arm-itself"},
		"carries an order out to its end":              {"arm-cut"},
		"puts out what it says it can":                 {"generator-applied"},
		"refuses what its generator cannot do":         {"generator-limit", "generator-field"},
		"changes its generator while it streams":       {"generator-stream"},
		"stops and closes any number of times":         {"stop"},
		"can be opened again after close":              {"reopen"},
		"answers while it waits":                       {"ping"},
	}
	for _, g := range groups {
		for _, r := range g.rules {
			for _, fault := range faults[r.name] {
				t.Run(r.name+"/"+fault, func(t *testing.T) {
					t.Parallel()
					rec := &recorder{}
					done := make(chan struct{})
					go func() {
						defer close(done)
						k := newKit(rec, self(t, fault))
						defer k.close()
						r.check(k)
					}()
					<-done
					if len(rec.failures) == 0 {
						t.Errorf("the rule holds (skipped: %v)", rec.skipped)
					}
					t.Log(rec.failures)
				})
			}
			delete(faults, r.name)
		}
	}
	for name := range faults {
		t.Errorf("there is no rule %q", name)
	}
}
