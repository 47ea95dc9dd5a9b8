// Package convert turns stored samples of a recording into values: counts, volts at the tip of the probe, and the channel's unit.
//
//	volts at the tip = count x volts per count x probe factor - analog offset
//	value            = equation(volts at the tip), or without one volts at the tip x scale + scale offset
//
// A capture may have a scale of its own, since ranges change while a channel records. All is computed in float64 and alike on every machine;
// before an equation the error is a few units in the 16th digit of full scale. Values of an equation that are not finite are NaN.
//
// Not in here: reading samples (recording), formulas (formula), files of other formats (export).
package convert
