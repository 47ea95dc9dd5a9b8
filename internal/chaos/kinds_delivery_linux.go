package main

import (
	"fmt"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// disturbed is a kind in which deliveries are odd, and nothing may be lost.
func disturbed(name, fault string, families []family, prepare func(*trial, *stage.Device)) kind {
	return kind{name: name, fault: fault, expect: noLoss, act: harmless(families, func(t *trial, d *stage.Device) {
		d.Plan = append(d.Plan, `hang_after = "20s"`)
		prepare(t, d)
	}, nil)}
}

// losing is a kind in which a simulated unit loses samples and says so.
func losing(name, fault, expect string, lines ...string) kind {
	return kind{name: name, fault: fault, expect: expect, act: func(t *trial) error {
		d := t.harmed(simulated)
		cause := choose(t, "usb", "driver", "power", "unknown")
		for range 1 + t.r.IntN(3) {
			count := fmt.Sprintf("count = %d", 1+t.r.Int64N(d.Rate/2))
			d.Sim = append(d.Sim, simFault(t, "lose", append([]string{count, fmt.Sprintf("cause = %q", cause)}, lines...)...))
		}
		t.may(victim, cause)
		if err := t.start(); err != nil {
			return err
		}
		if err := t.sleep(1800 * time.Millisecond); err != nil {
			return err
		}
		if err := t.more(victim, 500*time.Millisecond); err != nil {
			return err
		}
		return t.stop()
	}}
}

func deliveryKinds() []kind {
	return []kind{
		disturbed("late", "a library keeps what it has for 0.7 s now and then, and hands all of it over at once", emulated, func(t *trial, d *stage.Device) {
			d.Rig = append(d.Rig, fmt.Sprintf("fault = late run=2 at=%dms for=%dms every=900ms", 100+t.r.IntN(400), 300+t.r.IntN(400)))
		}),
		disturbed("burst", "a library hands over in bursts", emulated, func(t *trial, d *stage.Device) {
			d.Rig = append(d.Rig, fmt.Sprintf("fault = burst run=2 every=%dms", 100+t.r.IntN(300)))
		}),
		disturbed("slow-polls", "calls of the library take 60 ms longer", emulated, func(t *trial, d *stage.Device) {
			d.Rig = append(d.Rig, ofFamily("fault = delay function=POLL run=2 call=20 times=10 for=60ms", d))
		}),
		disturbed("odd-deliveries", "deliveries come late by chance, some bring nothing, channels are not equally far", []family{simulated}, func(t *trial, d *stage.Device) {
			d.Sim = append(d.Sim, simFault(t, choose(t, "late", "burst", "uneven"), `for = "1s"`))
		}),
		disturbed("stall", "a unit delivers nothing for a while, and then all of it", []family{simulated}, func(t *trial, d *stage.Device) {
			d.Sim = append(d.Sim, simFault(t, "stall", fmt.Sprintf("duration = \"%dms\"", 200+t.r.IntN(1000))))
		}),
		losing("loss-exact", "a driver tells of losses and their numbers", "exact gaps at the right place, to the sample; the others lose nothing; exit 3", `announce = "exact"`),
		losing("loss-unknown", "a driver tells that something is lost, not how much", "gaps whose bounds hold the truth; the others lose nothing; exit 3", `announce = "unknown"`),
		{
			name: "loss-silent", long: true, fault: "samples vanish inside the library, and nobody says so: 60 ms to 1 s, after more than a minute", expect: "a gap of cause inferred within a minute, whose bounds hold the truth and the place; the others lose nothing; exit 3",
			act: silentLoss,
		},
		{
			name: "loss-late-host", long: true, fault: "a plugin gets SIGSTOP for longer than the library keeps samples, after more than a minute", expect: "the loss inside the library is inferred within a minute, bounds hold the truth; the others lose nothing; exit 3",
			act: lateHost,
		},
	}
}

// learned is how long a recording has to go on until losses can be inferred, with slack.
const learned = 75 * time.Second

// silentLoss lets samples vanish.
func silentLoss(t *trial) error {
	d := t.harmed(anyUnit()...)
	d.Rate = choose[int64](t, 50_000, 100_000, 200_000)
	at := learned + t.between(0, 5*time.Second)
	count := int64(t.between(60*time.Millisecond, time.Second).Seconds() * float64(d.Rate))
	if d.Simulated() {
		d.Sim = append(d.Sim, fmt.Sprintf("fault \"lose\" {\n      at = %q\n      count = %d\n      announce = \"none\"\n    }", at, count))
	} else {
		d.Rig = append(d.Rig, fmt.Sprintf("fault = lose run=2 sample=%d count=%d", int64(at.Seconds()*float64(d.Rate)), count))
	}
	t.may(victim, "inferred")
	t.patiently()
	if err := t.start(); err != nil {
		return err
	}
	if err := t.sleep(at); err != nil {
		return err
	}
	return t.inferred()
}

// patiently prepares for a recording of minutes in which a loss is concluded later: the judge looks for it in the segment that tells of it, so there is one
// only; and blocks would bring more waveforms than are judged.
func (t *trial) patiently() {
	t.plan.Run = t.plan.Run[:1]
	for _, d := range t.plan.Devices {
		d.Mode, d.Trigger = stage.Stream, false
	}
}

// inferred waits until a loss is found that nobody told of, then ends the run.
func (t *trial) inferred() error {
	begin := time.Now()
	for {
		s, err := t.status()
		if err != nil {
			return err
		}
		if s.Device(victim).Gaps() > 0 {
			t.tell("found after %.1f s", time.Since(begin).Seconds())
			break
		}
		if time.Since(begin) > 90*time.Second {
			t.fail("the loss was not found")
			break
		}
		if err := t.sleep(200 * time.Millisecond); err != nil {
			return err
		}
	}
	if err := t.more(victim, 2*time.Second); err != nil {
		return err
	}
	return t.stop()
}

// lateHost stops a plugin for longer than its library keeps what it has.
func lateHost(t *trial) error {
	d := t.harmed(emulated...)
	d.Rate = choose[int64](t, 50_000, 100_000, 200_000)
	d.Rig = append(d.Rig, "buffer = 1s") // a busy machine alone must not lose anything
	d.Plan = append(d.Plan, `hang_after = "20s"`)
	t.may(victim, "inferred", "driver")
	t.patiently()
	if err := t.start(); err != nil {
		return err
	}
	if err := t.sleep(learned); err != nil {
		return err
	}
	if err := t.signal(victim, syscall.SIGSTOP); err != nil {
		return err
	}
	if err := t.pause(1500*time.Millisecond, 3*time.Second); err != nil {
		return err
	}
	if err := t.signal(victim, syscall.SIGCONT); err != nil {
		return err
	}
	return t.inferred()
}
