package toproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

func span(s driver.Span) *driverpb.Span {
	if s.Samples == 0 && s.Time.IsZero() {
		return nil
	}
	return &driverpb.Span{Samples: s.Samples, TimeSeconds: Rational(s.Time.Rational)}
}

func triggerConfig(t *driver.TriggerConfig) *driverpb.TriggerConfig {
	if t == nil {
		return nil
	}
	return &driverpb.TriggerConfig{
		AutoNanoseconds: int64(t.Auto), Delay: span(t.Delay), Levels: list(t.Levels, levelCondition),
		Windows: list(t.Windows, windowCondition), Digital: list(t.Digital, digitalCondition),
		PulseWidth: pulseWidthCondition(t.PulseWidth), AnyOf: list(t.AnyOf, conditionTerm),
	}
}

func conditionTerm(refs []driver.ConditionRef) *driverpb.ConditionTerm {
	return &driverpb.ConditionTerm{Conditions: list(refs, func(r driver.ConditionRef) *driverpb.ConditionRef {
		return &driverpb.ConditionRef{Name: text(r.Name), Negate: r.Not}
	})}
}

func levelCondition(c driver.LevelCondition) *driverpb.LevelCondition {
	return &driverpb.LevelCondition{
		Name: text(c.Name), Source: text(c.Source), Direction: text(c.Direction),
		ThresholdNanovolts: nanovolts(c.Threshold), HysteresisNanovolts: nanovolts(c.Hysteresis),
	}
}

func windowCondition(c driver.WindowCondition) *driverpb.WindowCondition {
	return &driverpb.WindowCondition{
		Name: text(c.Name), Source: text(c.Source), Direction: text(c.Direction),
		LowerNanovolts: nanovolts(c.Lower), UpperNanovolts: nanovolts(c.Upper),
		LowerHysteresisNanovolts: nanovolts(c.LowerHysteresis), UpperHysteresisNanovolts: nanovolts(c.UpperHysteresis),
	}
}

func digitalCondition(c driver.DigitalCondition) *driverpb.DigitalCondition {
	return &driverpb.DigitalCondition{
		Name: text(c.Name), Port: text(c.Port),
		Pins: list(c.Pins, func(p driver.PinCondition) *driverpb.PinCondition {
			return &driverpb.PinCondition{Pin: text(p.Pin), Direction: text(p.Direction)}
		}),
	}
}

func pulseWidthCondition(c *driver.PulseWidthCondition) *driverpb.PulseWidthCondition {
	if c == nil {
		return nil
	}
	return &driverpb.PulseWidthCondition{
		Name: text(c.Name), Source: text(c.Source), Direction: text(c.Direction), Type: text(c.Type),
		Lower: span(c.Lower), Upper: span(c.Upper), When: list(c.When, conditionTerm),
	}
}
