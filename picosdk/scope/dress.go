package scope

import "github.com/scopelog/scopelog/driver"

// A unit's abilities are interfaces that its Go type has, so there is a type for each combination.
type (
	withGenerator struct {
		*Device
		generatorControl
	}
	withPower struct {
		*Device
		powerControl
	}
	withBoth struct {
		*Device
		generatorControl
		powerControl
	}
)

var (
	_ driver.GeneratorController = withGenerator{}
	_ driver.PowerController     = withPower{}
	_ driver.GeneratorController = withBoth{}
	_ driver.PowerController     = withBoth{}
)

// dress gives a device the type that its abilities need.
func dress(d *Device, generator, power bool) driver.Device {
	switch {
	case generator && power:
		return withBoth{d, generatorControl{d}, powerControl{d}}
	case generator:
		return withGenerator{d, generatorControl{d}}
	case power:
		return withPower{d, powerControl{d}}
	}
	return d
}
