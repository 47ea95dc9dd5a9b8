package longrun

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/recording"
)

// stampUnits are the units whose triggers are stamped by a counter.
var stampUnits = []struct{ driver, model, serial string }{{"ps5000a", "5444D", "STAMP54/1"}, {"ps6000a", "6824E", "STAMP68/1"}}

// stampBefore is how many samples there are in each arming before the number.
const stampBefore = 15_000

// Stamps captures rapid blocks of units whose counter, which dates the triggers in the vendor library from the arming on, passes the number
// in each arming: the time between any two waveforms is known all the same.
func Stamps(ctx context.Context, o CrossOptions) (rep *CrossReport, err error) {
	rep = &CrossReport{name: "counters of the vendor library", at: o.At}
	for _, u := range stampUnits {
		if err := rep.stamps(ctx, &o, u.driver, u.model, u.serial); err != nil {
			return nil, fmt.Errorf("%s: %w", u.driver, err)
		}
	}
	return rep, nil
}

func (r *CrossReport) stamps(ctx context.Context, o *CrossOptions, driver, model, serial string) (err error) {
	d, err := newDesk(&o.Options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	conf := fmt.Sprintf("[unit %s]\nmodel = %s\nusb = 3.0\npower = supply\nchannel A = sine frequency=10kHz amplitude=4V\nchannel B = proof\ncounter = %d\n",
		serial, model, o.At-stampBefore)
	if _, err := emulator.NewRig(filepath.Join(d.dir, "rig"), conf); err != nil {
		return err
	}
	d.env = append(d.env, "SCOPELOG_EMULATOR="+filepath.Join(filepath.Dir(d.logger), "emulator"))
	if err := d.plan(crossRun + fmt.Sprintf(`
device "scope" {
  driver  = %q
  library = "emulated"
  serial  = %q
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  rapid_block {
    sample_interval = "64ns"
    pre             = 100
    post            = 900
    captures        = 20
    repeat          = 10
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "500mV"
    }
  }
}
`, driver, serial)); err != nil {
		return err
	}
	if _, err := d.run(ctx, 0, "run", "plan.hcl"); err != nil {
		return err
	}
	dir, err := d.recording()
	if err != nil {
		return err
	}
	rec, err := recording.Open(dir)
	if err != nil {
		return err
	}
	r.apart(rec.Stream("scope.B"), driver)
	r.did(driver)
	return nil
}

// apart checks that the time between waveforms is known and right: the trigger comes each 100 us, and a waveform takes 64.
func (r *CrossReport) apart(s *recording.Stream, driver string) {
	list := s.Captures()
	if len(list) != 200 {
		r.problem("%s: %d waveforms, want 200", driver, len(list))
		return
	}
	unknown, odd := 0, 0
	for i, w := range list[1:] {
		switch {
		case *w.Arm != *list[i].Arm: // the counter begins anew
		case w.DeadTimeNS == nil:
			unknown++
		case *w.DeadTimeNS < 35_000 || *w.DeadTimeNS > 37_000:
			odd++
		}
	}
	if unknown+odd > 0 {
		r.problem("%s: of %d waveforms %d have no time to the one before, %d a wrong one", driver, len(list), unknown, odd)
	}
}
