package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/scopelog/scopelog/analyze"
)

// analysisJSON is what analyze --json prints, but for the columns, which are written one value after the other.
type analysisJSON struct {
	FormatVersion string   `json:"format_version"`
	Dir           string   `json:"dir,omitempty"`
	Operation     string   `json:"operation"`
	Rows          int      `json:"rows"`    // in this document
	More          int64    `json:"more"`    // rows beyond the limit
	Columns       []string `json:"columns"` // always empty
	Notes         []string `json:"notes"`
}

// tellJSON prints the rows of a result from one on: an indented document, or one line.
func tellJSON(ctx context.Context, a *app, dir string, t *analyze.Table, from int, indented bool) error {
	marshal, columns := json.Marshal, `"columns":[]`
	if indented {
		marshal, columns = func(v any) ([]byte, error) { return json.MarshalIndent(v, "", "  ") }, `"columns": []`
	}
	text, err := marshal(analysisJSON{formatVersion, dir, t.Operation, t.Rows - from, t.More, []string{}, append([]string{}, t.Notes...)})
	if err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	head, tail, _ := bytes.Cut(text, []byte(columns)) // no text before it has a quotation mark that is not escaped
	if err := emit(a.stdout, string(head)+columns[:len(columns)-2]); err != nil {
		return err
	}
	if err := t.WriteJSON(ctx, a.stdout, from, indented); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return emit(a.stdout, string(tail)+"\n")
}
