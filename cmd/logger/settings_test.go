package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-hclog"
)

// writeFile writes a file into a new folder and returns its path.
func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSettings(t *testing.T) {
	config := writeFile(t, "config.hcl", `
plugins   = ["mine", "/opt/plugins"]
output    = "/data/runs"
log_level = "info"
rig       = "rig"
`)
	here := filepath.Dir(config)
	list := strings.Join([]string{"/a", "/b"}, string(filepath.ListSeparator))
	for _, tc := range []struct {
		name  string
		env   map[string]string
		flags globalFlags
		want  settings
	}{
		{
			"defaults",
			map[string]string{envConfig: writeFile(t, "empty.hcl", "")},
			globalFlags{},
			settings{Output: "recordings", LogLevel: hclog.Warn},
		},
		{
			"config",
			map[string]string{envConfig: config},
			globalFlags{},
			settings{
				ConfigFile: config, Plugins: []string{filepath.Join(here, "mine"), "/opt/plugins"}, Output: "/data/runs",
				LogLevel: hclog.Info, Rig: filepath.Join(here, "rig"),
			},
		},
		{
			"environment wins over config",
			map[string]string{
				envConfig: config, envPlugins: list, envOutput: "out",
				envLogLevel: "debug", envRig: "/rig",
			},
			globalFlags{},
			settings{ConfigFile: config, Plugins: []string{"/a", "/b"}, Output: "out", LogLevel: hclog.Debug, Rig: "/rig"},
		},
		{
			"flags win over the environment",
			map[string]string{envConfig: config, envPlugins: list, envLogLevel: "debug"},
			globalFlags{logLevel: "error", plugins: []string{"/flag"}},
			settings{
				ConfigFile: config, Plugins: []string{"/flag"}, Output: "/data/runs", LogLevel: hclog.Error,
				Rig: filepath.Join(here, "rig"),
			},
		},
		{
			"empty variables count as unset",
			map[string]string{envConfig: config, envPlugins: "", envOutput: "", envLogLevel: ""},
			globalFlags{},
			settings{
				ConfigFile: config, Plugins: []string{filepath.Join(here, "mine"), "/opt/plugins"},
				Output: "/data/runs", LogLevel: hclog.Info, Rig: filepath.Join(here, "rig"),
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := loadSettings(func(name string) (string, bool) {
				v, ok := tc.env[name]
				return v, ok
			}, tc.flags)
			if err != nil {
				t.Fatal(err)
			}
			if tc.want.ConfigFile == "" {
				tc.want.ConfigFile = tc.env[envConfig]
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWrongSettings(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"unknown name", "plugin = []\n", "config.hcl:1"},
		{"syntax", "output = \n", "config.hcl:1"},
		{"type", "output = [1]\n", "config.hcl:1"},
		{"level", "log_level = \"loud\"\n", "unknown log level"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, out := newTestApp(t, map[string]string{envConfig: writeFile(t, "config.hcl", tc.text)})
			if code := a.finish(a.prepare()); code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			text := strings.ReplaceAll(out.stderr.String(), " line ", ":")
			if !strings.Contains(text, strings.TrimPrefix(tc.want, "config.hcl")) {
				t.Errorf("no %q in: %s", tc.want, text)
			}
		})
	}
	t.Run("named but missing", func(t *testing.T) {
		a, _ := newTestApp(t, map[string]string{envConfig: filepath.Join(t.TempDir(), "none.hcl")})
		if code := a.finish(a.prepare()); code != 2 {
			t.Errorf("exit code %d, want 2", code)
		}
	})
}
