package shmring

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

const childVariable = "SHMRING_TEST_CHILD"

// children are the programs that the test binary can be besides the tests; the system's own file fills them in.
var children = map[string]func() error{}

func TestMain(m *testing.M) {
	if name := os.Getenv(childVariable); name != "" {
		if err := children[name](); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}
