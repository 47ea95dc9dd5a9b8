package main

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/units"
)

// planOptions are the flags of plan.
type planOptions struct {
	planFlags
	json bool
}

func planCommand(a *app) *cobra.Command {
	var o planOptions
	c := &cobra.Command{
		Use:   "plan PLAN",
		Short: "show what a plan would do on its devices",
		Long: `Open and configure the devices of a plan, show what they would really do, and
close them: asked and realised interval, range at the input, at the probe's tip
and in the sensor's unit, data rates, memory, and the disk space needed against
what is free. Nothing is recorded. PLAN "-" is standard input.`,
		GroupID: groupCapture,
		Args:    takes(1, 1),
		RunE:    func(c *cobra.Command, args []string) error { return runPlan(c.Context(), a, args[0], o) },
	}
	o.register(c)
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON document")
	return c
}

func runPlan(ctx context.Context, a *app, path string, o planOptions) error {
	text, err := a.openPlan(path)
	if err != nil {
		return err
	}
	p, err := a.usablePlan(ctx, text, o.planFlags)
	if err != nil {
		return err
	}
	defer p.rig.close()
	now, slots := time.Now(), comingSlots(p.Plan, time.Now())
	checked := p.Plan
	if len(slots) > 0 { // what one of its recordings does
		if slot, ok := p.Timetable(now).Next(now); ok {
			checked = p.For(slot, slot.Due)
		}
	}
	a.warnNever(p.Plan, slots)
	v, err := session.Check(ctx, session.Options{
		Plan: checked, Host: p.rig.host, RunID: p.rig.id, Logger: a.logger, Program: programVersion(),
		Early: func(n session.Notice) { a.say("%s", noticeText(n)) },
	})
	if err != nil {
		return a.explain(ctx, p.Plan, err)
	}
	if o.json {
		return writeJSON(a.stdout, plannedDocument{v, slots})
	}
	if err := printPreview(a, v); err != nil || len(slots) == 0 {
		return err
	}
	return emit(a.stdout, slotsText(p.Plan, slots))
}

// plannedDocument is what plan --json prints.
type plannedDocument struct {
	*session.Preview
	Schedule []slotJSON `json:"schedule,omitempty"` // the next recordings; the rest is about one of them
}

func printPreview(a *app, v *session.Preview) error {
	var b strings.Builder
	length := "until stopped"
	endless := slices.ContainsFunc(v.Devices, func(d session.DevicePreview) bool { return d.Armings == 0 && d.RepeatFor == 0 })
	switch {
	case v.Seconds >= 0:
		length = formatSeconds(v.Seconds)
	case !endless:
		length = "until all is captured"
	}
	fmt.Fprintf(&b, "run %s: %s, into %s\n", v.Name, length, v.Output)
	for _, d := range v.Devices {
		b.WriteByte('\n')
		if err := printDevicePreview(a, &b, d); err != nil {
			return err
		}
	}
	fmt.Fprintf(&b, "\ndata    %s%s, %s/h\n", upTo(v.UpTo), formatRate(v.BytesPerSec), formatBytes(int64(v.BytesPerHour)))
	fmt.Fprintf(&b, "memory  rings %s, of at most %s\n", formatBytes(v.RingBytes), formatBytes(v.MaxMemory))
	need := "no end, so it grows until stopped"
	if lasts := lasting(v); lasts >= 0 {
		need = fmt.Sprintf("as much as its triggers let come, at most %s", formatBytes(int64(min(v.BytesPerSec*lasts, 1<<62))))
	}
	if v.DiskNeed >= 0 {
		need = "needs " + upTo(v.UpTo) + formatBytes(v.DiskNeed)
		if v.DiskLeast {
			need += " for what waits, and room for what lies around events"
		}
	} else if v.DiskFree >= 0 && v.DiskPerSec > 0 && lasting(v) < 0 {
		need += ": " + roomLeft(v)
	}
	fmt.Fprintf(&b, "disk    %s, %s free\n", need, formatBytes(v.DiskFree))
	if err := emit(a.stdout, b.String()); err != nil {
		return err
	}
	for _, w := range v.Warnings {
		a.warn("%s", w)
	}
	return nil
}

func printDevicePreview(a *app, b *strings.Builder, d session.DevicePreview) error {
	about := []string{d.Driver, d.Model, d.Serial}
	if d.Emulated {
		about = append(about, "(emulated)")
	}
	if d.Resolution > 0 {
		about = append(about, fmt.Sprintf("%d bit", d.Resolution))
	}
	if d.Power != "" {
		about = append(about, "power "+d.Power)
	}
	fmt.Fprintf(b, "%s  %s\n", paint(a.color, bold, d.Name), strings.Join(about, "  "))
	asked := rateOf(d.Asked)
	if d.Timebase != nil {
		asked = fmt.Sprintf("timebase %d, which is %s", *d.Timebase, intervalOf(d.Applied))
	}
	fmt.Fprintf(b, "  %s: asked %s, realised %s", strings.ReplaceAll(d.Mode, "_", " "), asked, rateOf(d.Applied))
	if d.Captures == 0 {
		fmt.Fprintf(b, "; the ring holds %s", formatSeconds(d.Hold))
	}
	if d.Cut > 0 {
		fmt.Fprintf(b, "; segments of %s samples (%s)", formatCount(d.Cut), formatSeconds(d.CutSeconds))
	}
	b.WriteByte('\n')
	if d.Captures > 0 {
		fmt.Fprintf(b, "  %s\n", waveformPlan(d))
	}
	if d.Generator != "" {
		fmt.Fprintf(b, "  signal generator: %s\n", d.Generator)
	}
	for _, n := range d.Notes {
		fmt.Fprintf(b, "  note: %s\n", n)
	}
	t := newTable("  STREAM", ">RATE", ">ASKED", ">INPUT", ">TIP", ">UNIT", ">DATA", ">PER HOUR")
	for _, s := range d.Streams {
		t.add("  "+s.Name, rateOf(s.Interval), s.AskedRange, s.InputRange, s.TipRange, s.UnitRange, upTo(s.UpTo)+formatRate(s.BytesPerSec),
			upTo(s.UpTo)+formatBytes(int64(s.BytesPerHour)))
	}
	return t.write(b, a.color)
}

// lasting is how many seconds a run takes at the most; -1: it has no end, or waits for as many waveforms as it is to capture.
func lasting(v *session.Preview) float64 {
	if v.Seconds >= 0 {
		return v.Seconds
	}
	longest := 0.0
	for _, d := range v.Devices {
		if d.RepeatFor == 0 {
			return -1
		}
		longest = max(longest, d.RepeatFor)
	}
	return longest
}

// roomLeft says for how long the disk has room, beyond what the plan keeps free.
func roomLeft(v *session.Preview) string {
	left := v.DiskFree - v.KeepFree
	switch {
	case left <= 0:
		return fmt.Sprintf("room for none of it, as the plan keeps %s free", units.Bytes(v.KeepFree))
	case v.UpTo:
		return "room for at least " + formatClock(float64(left)/v.DiskPerSec)
	}
	return "room for " + formatClock(float64(left)/v.DiskPerSec)
}

// upTo is what stands before a figure that is the most that can come.
func upTo(most bool) string {
	if most {
		return "up to "
	}
	return ""
}

// waveformPlan says what a device in block mode captures, and how often.
func waveformPlan(d session.DevicePreview) string {
	text := fmt.Sprintf("waveforms of %s + %s samples, %s", formatCount(d.Pre), formatCount(d.Post), formatBytes(d.WaveformBytes))
	if d.Captures > 1 {
		text += fmt.Sprintf("; %s an arming", formatCount(d.Captures))
	}
	switch {
	case d.Armings == 1:
		text += "; armed once"
	case d.Armings > 0:
		text += fmt.Sprintf("; armed %s times", formatCount(d.Armings))
	case d.RepeatFor > 0:
		text += "; armed again and again"
	default:
		text += "; armed again without end"
	}
	if d.RepeatFor > 0 {
		text += ", for " + formatSeconds(d.RepeatFor)
	}
	if d.Every > 0 && d.Armings != 1 {
		text += ", every " + formatSeconds(d.Every)
	}
	switch {
	case d.Ordered:
		text += ", by an event"
	case d.Triggered:
		text += ", each waits for its trigger"
	}
	return text
}

// intervalOf prints an interval given as "num/den" seconds.
func intervalOf(fraction string) string {
	r, ok := new(big.Rat).SetString(fraction)
	if !ok || !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return fraction
	}
	return units.Seconds(r.Num().Int64(), r.Denom().Int64()).String()
}

// rateOf prints an interval given as "num/den" seconds: as a rate where that is a whole number of samples a second.
func rateOf(fraction string) string {
	r, ok := new(big.Rat).SetString(fraction)
	if !ok || !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return fraction
	}
	if r.Sign() == 0 {
		return "the driver's choice"
	}
	i := units.Seconds(r.Num().Int64(), r.Denom().Int64())
	if rate := i.Rate(); plain(rate.Big()) {
		return rate.String()
	}
	return "one in " + i.String()
}
