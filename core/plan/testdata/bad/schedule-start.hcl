#! ready schedule
# A start from which nothing can be counted.
run "r" {
  output = "x"
  schedule {
    start = "1700-01-01T00:00:00Z"
    every = "1h"
    for   = "1m"
  }
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
