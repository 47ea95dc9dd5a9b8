package rpc

import (
	"errors"
	"fmt"
	"testing"

	"github.com/scopelog/scopelog/driver"
)

// TestCallErrorNamesTheCallOnce passes a driver's errors over the wire as a call does.
func TestCallErrorNamesTheCallOnce(t *testing.T) {
	t.Parallel()
	plain := driver.Errorf(driver.KindPermanent, "open", "the unit is broken")
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"plain", plain, "open: the unit is broken"},
		{"joined", errors.Join(plain, nil), "open: the unit is broken"},
		{"within another of the same call", driver.Errorf(driver.KindPermanent, "open", "%w", plain), "open: the unit is broken"},
		{"wrapped in words", fmt.Errorf("second try: %w", plain), "open: second try: open: the unit is broken"},
		{"of another call", driver.Errorf(driver.KindPermanent, "configure", "open: is no range"), "configure: open: is no range"},
		{"without a name", &driver.Error{Message: "no"}, "open: no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := (&Client{}).callError(t.Context(), "open", 0, statusOf("open", c.err))
			if got.Error() != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
