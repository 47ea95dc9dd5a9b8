// Command soak records for minutes under disturbances and counts: 80 MB/s of the proof signal, segments that are dropped
// when too much lies on the disk, a disk that stands still for a second, and two observers of the ring that check every
// window they get. The session runs inside the command, so that its files can be made to fail it. The samples come from a
// simulated device, or from an emulated 5444D through the plugin of its family.
//
// With -kind it runs one of the long runs of package longrun instead: an accelerated day, many plugins, counters that pass powers of two.
//
// What recording costs without disturbances is measured by the command record.
package main
