# Three ends, one in the past.
run "r" {
  output   = "x"
  duration = "1h"
  samples  = 1000
  until    = "2020-01-01T00:00:00Z"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
