package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/judge"
)

// vouched reads from the journals how many samples of each stream are safe now.
func (t *trial) vouched() (map[string]int64, error) {
	safe := map[string]int64{}
	parts, err := filepath.Glob(filepath.Join(t.dir(), "*.journal-*.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, path := range parts {
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue // dropped meanwhile
		}
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(text) {
			var l struct {
				Kind    string `json:"k"`
				Synced  *bool  `json:"synced"`
				Streams map[string]struct {
					N int64 `json:"n"`
				} `json:"streams"`
			}
			if !bytes.HasPrefix(line, []byte(`{"k":"sync"`)) || json.Unmarshal(line, &l) != nil || l.Synced != nil && !*l.Synced {
				continue // the last line may not be whole yet
			}
			for name, s := range l.Streams {
				safe[name] = max(safe[name], s.N)
			}
		}
	}
	return safe, nil
}

// keeps wants what is safe now to be in the recording in the end.
func (t *trial) keeps() error {
	safe, err := t.vouched()
	if err != nil {
		return err
	}
	t.also = append(t.also, func() (wrong []string) {
		r, err := judge.Open(t.dir())
		if err != nil {
			return []string{err.Error()}
		}
		for _, s := range r.Streams {
			if s.End() < safe[s.Name] {
				wrong = append(wrong, fmt.Sprintf("%s: %d samples were synced, %d are left", s.Name, safe[s.Name], s.End()))
			}
		}
		return wrong
	})
	return nil
}

// synced waits until something of every device is safe: what is recorded before its first sync goes with the recorder.
func (t *trial) synced() error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		safe, err := t.vouched()
		if err != nil {
			return err
		}
		all := true
		for _, d := range t.plan.Devices {
			all = all && safe[d.Name+"."+d.Channels[:1]] > 0
		}
		if all {
			return nil
		}
	}
	return errors.New("nothing is synced")
}
