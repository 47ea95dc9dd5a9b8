package session

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
)

const secret = "b6d1f0c9-do-not-store"

// secretPlan has a value of the environment where the driver prints it, and one where it refuses it.
func (l *lab) secretPlan(text string) *plan.Plan {
	l.t.Helper()
	p, diags := plan.Parse([]byte(text), "test.hcl", plan.Options{
		Vars:     map[string]string{"out": l.out},
		Env:      func(string) (string, bool) { return secret, true },
		Describe: func(name string) (driver.Description, error) { return l.host.Describe(context.Background(), name) },
	})
	if diags.HasErrors() {
		l.t.Fatal(diags)
	}
	return p
}

// TestSecrets records with a secret that the driver shouts into its log: no file of the recording has it.
func TestSecrets(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := faulty("1s", `"print" {
      at   = "100ms"
      text = env("TOKEN")
    }`)
	s, err := Start(context.Background(), Options{Plan: l.secretPlan(text), Host: l.host, Logger: l.log, RunID: l.id})
	if err != nil {
		t.Fatal(err)
	}
	l.wait(s)
	files := 0
	err = filepath.WalkDir(s.Dir(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("%s has the secret", path)
		}
		files++
		return err
	})
	if err != nil || files < 5 {
		t.Errorf("%d files, %v", files, err)
	}
	if b, err := os.ReadFile(filepath.Join(s.Dir(), "logs", "log-0.jsonl")); err != nil || !bytes.Contains(b, []byte("hidden")) {
		t.Errorf("the log has no trace of the line: %v\n%s", err, b)
	}
}

// TestSecretInError has a driver that quotes a secret in its refusal.
func TestSecretInError(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := header + strings.Replace(proof("cell", "SECRET"), `sim { signal = "proof" }`, `sim {
      signal = "replay"
      file   = env("TOKEN")
    }`, 1)
	_, err := Start(context.Background(), Options{Plan: l.secretPlan(text), Host: l.host, Logger: l.log, RunID: l.id})
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("error %v", err)
	}
}
