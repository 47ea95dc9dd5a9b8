#! ready schedule
# A schedule with mistakes.
run "r" {
  output = "x"
  schedule {
    start    = "6:30"
    every    = "1h"
    for      = "2h"
    windows  = ["mon-fri 8-18"]
    timezone = "Mars/Base"
  }
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
