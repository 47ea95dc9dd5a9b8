package session

import "github.com/scopelog/scopelog/internal/agree"

// agree compares what the independent NumPy reader finds in a recording with what ours finds.
func (l *lab) agree(dir string) {
	l.t.Helper()
	if err := agree.Compare("../../recording/npreader/reader.py", dir); err != nil {
		l.t.Error(err)
	}
}
