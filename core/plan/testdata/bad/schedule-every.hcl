#! ready schedule
# A time of day that does not come round.
run "r" {
  output = "x"
  schedule {
    start = "06:30"
    every = "5h"
  }
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
