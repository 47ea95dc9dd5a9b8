// Package dynlib opens a vendor's shared library at run time, resolves its symbols, and says in words what is wrong
// when that does not work: which paths were tried and what the loader said of each, a library for another word size or
// processor, a missing library beside it, functions that an old version lacks, and the commands that install it; and makes the memory that such a library may keep
// ([Buffer]). It
// knows no function of any library; where this build or system cannot open one, [Open] returns [ErrNoBinding].
package dynlib
