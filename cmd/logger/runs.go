package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"github.com/scopelog/scopelog/recording"
)

// findRun turns the RUN of a command line into the directory of a recording: a path, or the name of a directory
// in the output folder.
func (a *app) findRun(arg string) (string, error) {
	for _, dir := range []string{arg, filepath.Join(a.settings.Output, arg)} {
		is, err := isRecording(dir)
		if err != nil {
			return "", err
		}
		if is {
			return filepath.Clean(dir), nil
		}
	}
	err := fmt.Errorf("no recording %s", arg)
	if info, statErr := os.Stat(arg); statErr == nil && info.IsDir() {
		err = fmt.Errorf("%s is not a recording: it holds no run.json, no metadata and no journal", arg)
	}
	return "", &failure{err: err, advice: fmt.Sprintf("name the directory of a recording; %s ls lists those in %s", a.name, a.settings.Output)}
}

// journalPart is the form of the names of journal parts.
var journalPart = regexp.MustCompile(`^[^.].*\.journal-[0-9]{6,18}\.jsonl$`)

// isRecording tells whether a directory holds a recording, be it one that has lost its run.json.
func isRecording(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if e.Name() == recording.FileRun || strings.HasSuffix(e.Name(), recording.ExtMeta) || journalPart.MatchString(e.Name()) {
			return true, nil
		}
	}
	return false, nil
}

// readRun reads a recording's run.json.
func readRun(dir string) (*recording.RunFile, error) {
	text, err := os.ReadFile(filepath.Join(dir, recording.FileRun))
	if err != nil {
		return nil, fmt.Errorf("%s is not a recording: %w", dir, err)
	}
	run, err := recording.ParseRun(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return run, nil
}

// endedRun is a run that does not record.
type endedRun struct {
	Dir   string          `json:"dir"`
	State recording.State `json:"state"` // "recording": its recorder is gone without sealing it
	Text  string          `json:"text"`
}

// unsealedAdvice says what can be done with a run that was left unsealed.
func unsealedAdvice(a *app, dir string) string {
	return fmt.Sprintf("seal it with: %s repair %s, or go on in it with: %s resume %s", a.name, dir, a.name, dir)
}

// describeEnded says how a run that does not record was left.
func describeEnded(a *app, dir string) (endedRun, error) {
	file, err := readRun(dir)
	if err != nil {
		return endedRun{}, err
	}
	e := endedRun{Dir: dir, State: file.State}
	switch {
	case file.State == recording.StateRecording:
		e.Text = "the recorder is gone without sealing it; " + unsealedAdvice(a, dir)
	case file.EndReason != "":
		e.Text = fmt.Sprintf("ended %s (%s)", file.Ended, file.EndReason)
	default:
		e.Text = fmt.Sprintf("ended %s", file.Ended)
	}
	return e, nil
}
