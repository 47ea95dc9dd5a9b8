// Package scipytest compares the packages below analysis with SciPy in tests: files that a script made with SciPy once, the same script run live,
// and signals that scripts and tests make alike.
//
// Not in here: the scripts, which lie in the testdata of the packages, and what is compared.
package scipytest
