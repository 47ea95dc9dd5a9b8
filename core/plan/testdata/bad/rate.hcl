# Sample rates that cannot be: too fast for the set-up, off the grid.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  channel "C" { range = "5V" }
  resolution = "14bit"
  stream { sample_rate = "62.5MS/s" }
}
device "b" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "44.1kS/s" }
}
device "c" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  rapid_block {
    captures        = 1
    post            = 10
    sample_interval = "1ns"
  }
}
