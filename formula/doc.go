// Package formula compiles the formulas of plans, HCL expressions over one number such as "pow(v, 2) / 50", and computes them for
// whole slices of samples: the equations of channels and the waves of signal generators.
//
// All is computed in float64 by the rules of IEEE 754, each operation and function rounded once as Go's math package does it. A
// condition computes both of its branches and takes one. What has no finite result is NaN; nothing else is.
//
// Not in here: where formulas stand (core/plan), which samples they are applied to (convert).
package formula
