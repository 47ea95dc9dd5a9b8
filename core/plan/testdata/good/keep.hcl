# A run that keeps what lies around events: of a minute each, or less in short runs.
#! ready events
run "r" {
  output   = "recordings"
  duration = "90s"
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
  before = "10s"
  after  = "1m"
}
