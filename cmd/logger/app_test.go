package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
)

// output is what a command printed.
type output struct {
	stdout, stderr bytes.Buffer
}

// newTestApp returns an app with an environment of its own, whose settings are read from nowhere else.
func newTestApp(t *testing.T, env map[string]string) (*app, *output) {
	t.Helper()
	all := map[string]string{envConfig: writeFile(t, "config.hcl", "")}
	for k, v := range env {
		all[k] = v
	}
	out := &output{}
	a := &app{
		name:       "logger",
		stdin:      strings.NewReader(""),
		stdout:     &out.stdout,
		screen:     newScreen(&out.stderr, false, func() int { return 80 }),
		interrupts: newInterrupts(func(int) {}),
		lookupEnv: func(name string) (string, bool) {
			v, ok := all[name]
			return v, ok
		},
	}
	return a, out
}

// runLine runs a command line in this process and returns its exit code.
func runLine(t *testing.T, args ...string) (int, *output) {
	t.Helper()
	a, out := newTestApp(t, nil)
	return a.finish(newRoot(a).execute(context.Background(), args)), out
}

func TestHelpFitsAScreen(t *testing.T) {
	code, out := runLine(t, "--help")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, out.stderr.String())
	}
	lines := strings.Split(strings.TrimSuffix(out.stdout.String(), "\n"), "\n")
	if len(lines) > 24 {
		t.Errorf("%d lines, want at most 24:\n%s", len(lines), out.stdout.String())
	}
	for _, l := range lines {
		if len([]rune(l)) > 80 {
			t.Errorf("%d columns: %s", len([]rune(l)), l)
		}
	}
	a, _ := newTestApp(t, nil)
	for _, c := range newRoot(a).command.Commands() {
		if c.IsAvailableCommand() && !strings.Contains(out.stdout.String(), " "+c.Name()) {
			t.Errorf("the help does not name %s", c.Name())
		}
	}
}

// TestHelpOfEveryCommand checks that each command's help prints the name the program was started under, fits the
// width of a screen and tells what every flag does.
func TestHelpOfEveryCommand(t *testing.T) {
	a, _ := newTestApp(t, nil)
	a.name = "othername"
	for _, path := range commandPaths(a) {
		t.Run(strings.Join(path, " "), func(t *testing.T) {
			a, out := newTestApp(t, nil)
			a.name = "othername"
			if err := newRoot(a).execute(context.Background(), append(path, "--help")); err != nil {
				t.Fatal(err)
			}
			text := out.stdout.String()
			want := "othername " + strings.Join(path, " ")
			if len(path) == 2 && path[0] == "analyze" {
				want = "othername analyze RUN " + path[1]
			}
			if !strings.Contains(text, want) {
				t.Errorf("usage does not name the command:\n%s", text)
			}
			for _, l := range strings.Split(text, "\n") {
				if len([]rune(l)) > 80 {
					t.Errorf("%d columns: %s", len([]rune(l)), l)
				}
			}
		})
	}
}

// commandPaths lists every command that the help shows.
func commandPaths(a *app) [][]string {
	var out [][]string
	for _, c := range newRoot(a).command.Commands() {
		if !c.IsAvailableCommand() {
			continue
		}
		out = append(out, []string{c.Name()})
		for _, sub := range c.Commands() {
			out = append(out, []string{c.Name(), sub.Name()})
		}
	}
	return out
}

func TestUsageErrors(t *testing.T) {
	for _, tc := range []struct {
		name   string
		args   []string
		stderr []string
	}{
		{"unknown command", []string{"versoin"}, []string{`unknown command "versoin"`, "did you mean version?"}},
		{"unknown command, nothing close", []string{"zzzzzz"}, []string{`unknown command "zzzzzz"`, "logger --help"}},
		{"unknown command with a flag", []string{"versoin", "--json"}, []string{`unknown command "versoin"`, "did you mean version?"}},
		{"unknown flag", []string{"version", "--jsno"}, []string{"unknown flag: --jsno", "did you mean --json?"}},
		{"unknown flag, nothing close", []string{"version", "--zzzzzz"}, []string{"unknown flag: --zzzzzz", "logger version --help"}},
		{"flag without value", []string{"version", "--log-level"}, []string{"needs an argument"}},
		{"unknown level", []string{"version", "--log-level", "loud"}, []string{`unknown log level "loud"`, "error, warn, info, debug, trace"}},
		{"too many arguments", []string{"version", "now"}, []string{`unexpected argument "now"`, "usage: logger version"}},
		{"missing argument", []string{"completion"}, []string{"an argument is missing", "usage: logger completion SHELL"}},
		{"help of nothing", []string{"help", "versoin"}, []string{`unknown command "versoin"`, "did you mean version?"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out := runLine(t, tc.args...)
			if code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if out.stdout.Len() > 0 {
				t.Errorf("standard output is not empty: %s", out.stdout.String())
			}
			for _, want := range tc.stderr {
				if !strings.Contains(out.stderr.String(), want) {
					t.Errorf("no %q in: %s", want, out.stderr.String())
				}
			}
		})
	}
}

// brokenPipe refuses every write.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestResultThatCannotBeWritten(t *testing.T) {
	a, out := newTestApp(t, nil)
	a.stdout = brokenPipe{}
	if code := a.finish(newRoot(a).execute(context.Background(), []string{"version"})); code != 1 {
		t.Errorf("exit code %d, want 1: %s", code, out.stderr.String())
	}
}

// TestEarlyInterrupt ends commands before they have done anything: one clear line, and 130.
func TestEarlyInterrupt(t *testing.T) {
	good := "run \"r\" {\n  output = \"x\"\n}\ndevice \"d\" {\n  driver = \"sim\"\n  channel \"A\" { range = \"5V\" }\n" +
		"  stream { sample_rate = \"1kS/s\" }\n}\n"
	for _, tc := range []struct {
		name, plan, command, want string
	}{
		{"run", good, "run", "error: ended before anything was recorded\n"},
		{"run of a plan with a mistake", good + "x = 1\n", "run", "error: ended before anything was recorded\n"},
		{"plan", good, "plan", "error: ended before it was done\n"},
		{"validate", good, "validate", "error: ended before it was done\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			a, out := newTestApp(t, map[string]string{envPlugins: pluginDir})
			code := a.finish(newRoot(a).execute(ctx, []string{tc.command, writeFile(t, "plan.hcl", tc.plan)}))
			a.interrupts.stop()
			if code != exitInterrupted || out.stderr.String() != tc.want {
				t.Errorf("exit code %d, %q, want 130, %q", code, out.stderr.String(), tc.want)
			}
		})
	}
}
