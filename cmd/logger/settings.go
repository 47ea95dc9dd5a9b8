package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclparse"
)

// The environment variables that the command reads. docs/environment.md tells what each does.
const (
	envConfig   = "SCOPELOG_CONFIG"
	envPlugins  = "SCOPELOG_PLUGINS"
	envOutput   = "SCOPELOG_OUTPUT"
	envLogLevel = "SCOPELOG_LOG_LEVEL"
	envRig      = "SCOPELOG_RIG"
	envLibrary  = "SCOPELOG_LIBRARY" // read by plugins
)

// settings are what a user sets once for all commands: a flag wins over the environment, the environment over
// config.hcl.
type settings struct {
	ConfigFile string   // the file that was read; empty: there is none
	Plugins    []string // folders with plugins, before the usual ones
	Output     string   // folder of recordings where no plan names one
	LogLevel   hclog.Level
	Rig        string // folder of the emulated units; empty: their default
}

// configFile is the content of config.hcl.
type configFile struct {
	Plugins  []string `hcl:"plugins,optional"`
	Output   string   `hcl:"output,optional"`
	LogLevel string   `hcl:"log_level,optional"`
	Rig      string   `hcl:"rig,optional"`
}

var logLevels = []string{"error", "warn", "info", "debug", "trace"}

// loadSettings joins flags, environment and config.hcl. Its errors are usage errors.
func loadSettings(lookup func(string) (string, bool), flags globalFlags) (settings, error) {
	path, c, err := readConfig(lookup)
	if err != nil {
		return settings{}, err
	}
	s := settings{ConfigFile: path, Plugins: flags.plugins}
	if len(s.Plugins) == 0 {
		if v, ok := lookup(envPlugins); ok && v != "" {
			s.Plugins = filepath.SplitList(v)
		} else {
			s.Plugins = c.Plugins
		}
	}
	first := func(name, config, fallback string) string {
		if v, ok := lookup(name); ok && v != "" {
			return v
		}
		if config != "" {
			return config
		}
		return fallback
	}
	s.Output = first(envOutput, c.Output, "recordings")
	s.Rig = first(envRig, c.Rig, "")
	level := flags.logLevel
	if level == "" {
		level = first(envLogLevel, c.LogLevel, "warn")
	}
	if s.LogLevel, err = parseLevel(level); err != nil {
		return settings{}, err
	}
	return s, nil
}

// readConfig reads config.hcl: the one that the environment names, which must be there, or the one in the
// platform's configuration folder, which may be missing.
func readConfig(lookup func(string) (string, bool)) (string, configFile, error) {
	var c configFile
	path, named := lookup(envConfig)
	if !named || path == "" {
		named, path = false, filepath.Join(xdg.ConfigHome, "scopelog", "config.hcl")
	}
	source, err := os.ReadFile(path)
	if !named && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)) {
		return "", c, nil
	}
	if err != nil {
		return "", c, usageError(fmt.Errorf("read the settings: %w", err), "")
	}
	parser := hclparse.NewParser()
	file, diags := parser.ParseHCL(source, path)
	if !diags.HasErrors() {
		diags = append(diags, gohcl.DecodeBody(file.Body, nil, &c)...)
	}
	if diags.HasErrors() {
		return "", c, &diagnosed{what: "the settings in " + path + " are wrong", diags: diags, files: parser.Files()}
	}
	folder := filepath.Dir(path)
	for i := range c.Plugins {
		c.Plugins[i] = absolute(folder, c.Plugins[i])
	}
	c.Output, c.Rig = absolute(folder, c.Output), absolute(folder, c.Rig)
	return path, c, nil
}

// absolute takes a path of a file relative to that file's folder; "~/" stands for the user's home.
func absolute(folder, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(xdg.Home, rest)
	}
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

func parseLevel(text string) (hclog.Level, error) {
	for _, l := range logLevels {
		if strings.EqualFold(l, text) {
			return hclog.LevelFromString(l), nil
		}
	}
	return hclog.NoLevel, usageError(fmt.Errorf("unknown log level %q", text), "write one of: "+strings.Join(logLevels, ", "))
}
