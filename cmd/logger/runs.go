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

// findRun turns the RUN of a command line into the directory of a recording: a path, the name of a directory in the output folder, or either
// without the time at the end, which stands for the newest one.
func (a *app) findRun(arg string) (string, error) {
	places := []string{arg, filepath.Join(a.settings.Output, arg)}
	for _, dir := range places {
		is, err := isRecording(dir)
		if err != nil {
			return "", err
		}
		if is {
			return filepath.Clean(dir), nil
		}
	}
	for _, path := range places {
		if dir, err := a.newestOf(path); dir != "" || err != nil {
			return dir, err
		}
	}
	err := fmt.Errorf("no recording %s", arg)
	if info, statErr := os.Stat(arg); statErr == nil && info.IsDir() {
		err = fmt.Errorf("%s is not a recording: it holds no run.json, no metadata and no journal", arg)
	}
	advice := didYouMean(arg, runNames(a.settings.Output))
	if advice == "" {
		advice = fmt.Sprintf("name the directory of a recording, or a run, of which the newest is taken; %s ls lists those in %s", a.name, a.settings.Output)
	}
	return "", &failure{err: err, advice: advice}
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
	text, err := recording.OSFS().ReadFile(filepath.Join(dir, recording.FileRun))
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

// unsealedRuns are the runs in the output folder whose recorder is gone without sealing them, oldest first. What cannot be read is left to ls.
func unsealedRuns(a *app) []endedRun {
	list, err := recording.List(nil, a.settings.Output)
	if err != nil {
		a.logger.Debug("runs are not known", "error", err)
	}
	var out []endedRun
	for _, e := range list {
		if e.Run == nil || e.Live || e.Run.State != recording.StateRecording {
			continue
		}
		out = append(out, endedRun{Dir: e.Dir, State: e.Run.State, Text: "the recorder is gone without sealing it; " + unsealedAdvice(a, e.Dir)})
	}
	return out
}

// unsealedText is a line for people about runs that are not sealed; empty for none.
func unsealedText(a *app, runs []endedRun) string {
	const most = 5
	switch n := len(runs); {
	case n == 0:
		return ""
	case n == 1:
		return fmt.Sprintf("1 run is not sealed: %s; %s\n", runs[0].Dir, unsealedAdvice(a, runs[0].Dir))
	default:
		var dirs []string
		for _, r := range runs[:min(n, most)] {
			dirs = append(dirs, r.Dir)
		}
		if n > most {
			dirs = append(dirs, fmt.Sprintf("and %d more, which %s ls shows", n-most, a.name))
		}
		return fmt.Sprintf("%d runs are not sealed: %s; %s\n", n, strings.Join(dirs, ", "), unsealedAdvice(a, "RUN"))
	}
}
