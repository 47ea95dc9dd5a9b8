package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// versionDocument is what version --json prints.
type versionDocument struct {
	FormatVersion   string `json:"format_version"`
	Program         string `json:"program"`
	Version         string `json:"version"`
	Commit          string `json:"commit,omitempty"`
	Go              string `json:"go"`
	System          string `json:"system"`
	DriverContract  int    `json:"driver_contract"`
	RecordingFormat string `json:"recording_format"`
}

func versionCommand(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "version",
		Short:   "print the versions of program and formats",
		GroupID: groupOther,
		Args:    takes(0, 0),
		RunE:    func(*cobra.Command, []string) error { return runVersion(a, asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON document")
	return c
}

func runVersion(a *app, asJSON bool) error {
	d := versionDocument{
		FormatVersion:   formatVersion,
		Program:         "scopelog",
		Version:         version,
		Commit:          commit(),
		Go:              runtime.Version(),
		System:          runtime.GOOS + "/" + runtime.GOARCH,
		DriverContract:  driver.ContractVersion,
		RecordingFormat: recording.FormatVersion,
	}
	if asJSON {
		return writeJSON(a.stdout, d)
	}
	return emit(a.stdout, versionText())
}

// versionText is what version prints, and --version.
func versionText() string {
	return fmt.Sprintf("scopelog %s (%s, %s/%s)\ndriver contract %d, recording format %s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH,
		driver.ContractVersion, recording.FormatVersion)
}

// programVersion is how recordings name the program that made them.
func programVersion() string { return "scopelog " + version }

// commit returns the commit that the build was made from, where the builder recorded it.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
