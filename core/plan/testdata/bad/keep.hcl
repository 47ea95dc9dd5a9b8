# A run that keeps what lies around events, and would keep nothing, or everything.
#! ready events
run "r" {
  output   = "recordings"
  duration = "10m"
  rotate   = "10m"
  keep     = "events"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
event "e" {
  source = "a.A"
  level  = "1V"
  before = "1h"
  after  = "1h"
}
