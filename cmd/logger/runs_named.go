package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// stampedName is the form of the names of recordings: that of the run, when it began, and a number where several began in one second.
var stampedName = regexp.MustCompile(`^(.+)-(\d{8}T\d{6}Z)(?:-(\d+))?$`)

// stamped is a recording of a run by its name.
type stamped struct {
	dir, name, began string
	number           int
}

// newestOf returns the newest recording of a run that is named without the time of its beginning, empty where there is none: "soak" or
// "recordings/soak". Where there are others, a line tells which one it is.
func (a *app) newestOf(path string) (string, error) {
	var of []stamped
	for _, s := range stampedIn(filepath.Dir(path)) {
		if s.name != filepath.Base(path) {
			continue
		}
		is, err := isRecording(s.dir)
		if err != nil {
			return "", err
		}
		if is {
			of = append(of, s)
		}
	}
	if len(of) == 0 {
		return "", nil
	}
	newest := of[len(of)-1].dir
	if len(of) > 1 {
		a.say("%s: the newest of %d recordings of that name", printable(newest), len(of))
	}
	return newest, nil
}

// stampedIn lists what has the name of a recording in a folder, oldest first.
func stampedIn(folder string) []stamped {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // there is none
	}
	var list []stamped
	for _, e := range entries {
		if m := stampedName.FindStringSubmatch(e.Name()); m != nil && e.IsDir() {
			n, _ := strconv.Atoi(m[3])
			list = append(list, stamped{filepath.Join(folder, e.Name()), m[1], m[2], n})
		}
	}
	slices.SortFunc(list, func(a, b stamped) int {
		return cmp.Or(strings.Compare(a.began, b.began), cmp.Compare(a.number, b.number))
	})
	return list
}

// runNames lists the names of runs in a folder, without the times of their beginnings.
func runNames(folder string) []string {
	var names []string
	for _, s := range stampedIn(folder) {
		names = append(names, s.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// severalRuns is the error of a command that takes one recording and was given several, as a pattern of the shell gives them; nil: they were not.
func severalRuns(command string, args []string) error {
	var runs []string
	for _, arg := range args {
		if is, err := isRecording(arg); err == nil && is {
			runs = append(runs, arg)
		}
	}
	if len(runs) < 2 {
		return nil
	}
	slices.Sort(runs)
	last := runs[len(runs)-1]
	advice := "name one of them, such as " + last
	if m := stampedName.FindStringSubmatch(filepath.Base(last)); m != nil {
		advice = fmt.Sprintf("a pattern such as %s* stands for all of them; %s is the newest one of that name", m[1]+"-", filepath.Join(filepath.Dir(last), m[1]))
	}
	return usageError(fmt.Errorf("%s takes one recording, and these are %d: %s", command, len(runs), enumerated(runs)), advice)
}

// enumerated joins the first of many names.
func enumerated(list []string) string {
	const most = 3
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return strings.Join(list[:most], ", ") + ", ..."
}
