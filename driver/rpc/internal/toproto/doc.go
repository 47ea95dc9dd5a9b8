// Package toproto turns values of package driver into their wire form. Every field is carried, with one exception:
// the Err of a driver.Error stays in its process. Texts that are not valid UTF-8 are made so, since the wire carries
// nothing else. The other direction is package fromproto; a test there fills every field of every type by
// reflection and requires it back unchanged.
package toproto
