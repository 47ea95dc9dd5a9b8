package fromproto

import (
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

func (d *decoder) span(s *driverpb.Span) driver.Span {
	return driver.Span{Samples: s.GetSamples(), Time: d.interval(s.GetTimeSeconds())}
}

func (d *decoder) triggerConfig(t *driverpb.TriggerConfig) *driver.TriggerConfig {
	if t == nil {
		return nil
	}
	return &driver.TriggerConfig{
		Auto: time.Duration(t.GetAutoNanoseconds()), Delay: d.span(t.GetDelay()), Levels: list(t.GetLevels(), levelCondition),
		Windows: list(t.GetWindows(), windowCondition), Digital: list(t.GetDigital(), digitalCondition),
		PulseWidth: d.pulseWidthCondition(t.GetPulseWidth()), AnyOf: list(t.GetAnyOf(), conditionTerm),
	}
}

func conditionTerm(t *driverpb.ConditionTerm) []driver.ConditionRef {
	return list(t.GetConditions(), func(r *driverpb.ConditionRef) driver.ConditionRef {
		return driver.ConditionRef{Name: r.GetName(), Not: r.GetNegate()}
	})
}

func levelCondition(c *driverpb.LevelCondition) driver.LevelCondition {
	return driver.LevelCondition{
		Name: c.GetName(), Source: c.GetSource(), Direction: driver.Direction(c.GetDirection()),
		Threshold: voltage(c.GetThresholdNanovolts()), Hysteresis: voltage(c.GetHysteresisNanovolts()),
	}
}

func windowCondition(c *driverpb.WindowCondition) driver.WindowCondition {
	return driver.WindowCondition{
		Name: c.GetName(), Source: c.GetSource(), Direction: driver.Direction(c.GetDirection()),
		Lower: voltage(c.GetLowerNanovolts()), Upper: voltage(c.GetUpperNanovolts()),
		LowerHysteresis: voltage(c.GetLowerHysteresisNanovolts()), UpperHysteresis: voltage(c.GetUpperHysteresisNanovolts()),
	}
}

func digitalCondition(c *driverpb.DigitalCondition) driver.DigitalCondition {
	return driver.DigitalCondition{
		Name: c.GetName(), Port: c.GetPort(),
		Pins: list(c.GetPins(), func(p *driverpb.PinCondition) driver.PinCondition {
			return driver.PinCondition{Pin: p.GetPin(), Direction: p.GetDirection()}
		}),
	}
}

func (d *decoder) pulseWidthCondition(c *driverpb.PulseWidthCondition) *driver.PulseWidthCondition {
	if c == nil {
		return nil
	}
	return &driver.PulseWidthCondition{
		Name: c.GetName(), Source: c.GetSource(), Direction: driver.Direction(c.GetDirection()),
		Type: driver.PulseType(c.GetType()), Lower: d.span(c.GetLower()), Upper: d.span(c.GetUpper()),
		When: list(c.GetWhen(), conditionTerm),
	}
}
