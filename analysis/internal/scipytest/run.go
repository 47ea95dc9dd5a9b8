package scipytest

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// python is that of Debian, which has its SciPy.
const python = "/usr/bin/python3"

// Golden returns testdata/golden.json of the package that is tested.
func Golden(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Run returns what Python prints with these arguments, a script and its own for instance. It skips the test only where SciPy cannot be imported.
func Run(t *testing.T, args ...string) []byte {
	t.Helper()
	if out, err := exec.Command(python, "-c", "import scipy.signal").CombinedOutput(); err != nil {
		t.Skipf("no SciPy: %s -c 'import scipy.signal': %v\n%s", python, err, out)
	}
	var stderr strings.Builder
	cmd := exec.CommandContext(t.Context(), python, args...)
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("run %s: %v\n%s", args[0], err, &stderr)
	}
	return text
}
