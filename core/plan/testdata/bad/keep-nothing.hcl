# A run that keeps what lies around events, without any.
#! ready events
run "r" {
  output   = "recordings"
  duration = "30m"
  rotate   = "hourly"
  keep     = "events"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
