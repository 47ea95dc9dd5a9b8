package picosdk

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// statusText holds one line per code: number, class, name without its prefix, meaning.
//
//go:embed status.txt
var statusText string

type statusEntry struct {
	class Class
	name  string
	text  string
}

// statusTable is the table of codes, read at the first use.
var statusTable = sync.OnceValue(func() map[Status]statusEntry {
	t, err := parseStatusTable(statusText)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return t
})

func parseStatusTable(text string) (map[Status]statusEntry, error) {
	t := map[Status]statusEntry{}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.SplitN(line, " ", 4)
		if len(f) < 3 {
			return nil, fmt.Errorf("status table, line %d: %q", i+1, line)
		}
		n, err := strconv.ParseUint(f[0], 0, 32)
		if err != nil {
			return nil, fmt.Errorf("status table, line %d: %w", i+1, err)
		}
		class, ok := classWords[f[1]]
		if !ok {
			return nil, fmt.Errorf("status table, line %d: no class %q", i+1, f[1])
		}
		e := statusEntry{class: class, name: f[2]}
		if _, twice := t[Status(n)]; twice {
			return nil, fmt.Errorf("status table, line %d: %s comes twice", i+1, f[0])
		}
		if e.text = strings.ToLower(strings.ReplaceAll(e.name, "_", " ")); len(f) == 4 {
			e.text = f[3]
		}
		t[Status(n)] = e
	}
	return t, nil
}
