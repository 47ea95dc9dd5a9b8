package recording

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// ListEntry is one run as [List] shows it.
type ListEntry struct {
	Dir   string   // path of its folder
	Run   *RunFile // nil when run.json is missing or damaged
	Err   error    // why Run is nil
	Bytes int64    // length of all files together
	Live  bool     // another process is writing it
}

// List finds the runs in an output folder, oldest first by their start, those without a readable run.json last. It reads run.json of each and
// the lengths of files, nothing else. For a run that calls itself unfinished it looks at the lock, to tell whether somebody still
// writes. fsys nil: the operating system's files.
func List(fsys FS, parent string) ([]ListEntry, error) {
	if fsys == nil {
		fsys = OSFS()
	}
	entries, err := fsys.ReadDir(parent)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	var list []ListEntry
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if entry, ok := listEntry(fsys, filepath.Join(parent, e.Name())); ok {
			list = append(list, entry)
		}
	}
	slices.SortStableFunc(list, func(a, b ListEntry) int {
		if a.Run == nil || b.Run == nil {
			return cmp.Compare(btoi(a.Run == nil), btoi(b.Run == nil))
		}
		return cmp.Compare(a.Run.Started, b.Run.Started)
	})
	return list, nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// listEntry looks at one folder; ok is false when it is no recording.
func listEntry(fsys FS, dir string) (entry ListEntry, ok bool) {
	entry.Dir = dir
	files, err := fsys.ReadDir(dir)
	if err != nil {
		return entry, false
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || f.IsDir() {
			continue // removed meanwhile, or a folder of logs
		}
		entry.Bytes += info.Size()
		ok = ok || f.Name() == FileRun || strings.HasSuffix(f.Name(), ExtMeta)
	}
	if !ok {
		return entry, false
	}
	entry.readRun(fsys)
	if entry.Run == nil || entry.Run.State == StateRecording {
		if entry.Live = locked(fsys, dir); !entry.Live {
			entry.readRun(fsys) // it may have been sealed meanwhile
		}
	}
	return entry, true
}

func (e *ListEntry) readRun(fsys FS) {
	b, err := fsys.ReadFile(filepath.Join(e.Dir, FileRun))
	e.Run, e.Err = nil, nil
	if err == nil {
		e.Run, err = ParseRun(b)
	}
	if err != nil {
		e.Run, e.Err = nil, fmt.Errorf("read run.json: %w", err)
	}
}

// Live tells whether somebody holds the lock of a run on this computer: whether it is recorded or repaired now.
func Live(dir string) bool { return locked(OSFS(), dir) }

// locked tells whether another process holds the lock of a run.
func locked(fsys FS, dir string) bool {
	held, err := fsys.Locked(filepath.Join(dir, FileLock))
	return held && err == nil
}
