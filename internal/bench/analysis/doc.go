// Command analysis measures what is computed on long recordings: it writes one of two streams, times `logger analyze`, export and plot on it as
// processes, and looks at their memory, there and on a recording that is several times as long. Beside a folder with scipy_baseline.py it runs the
// same operations of SciPy on the same samples, in turns, and holds the ratios against targets.
//
// Not in here: whether the results are right, which the tests of the packages below analysis show.
package main
