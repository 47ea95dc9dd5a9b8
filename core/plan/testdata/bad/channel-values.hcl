# Values of a channel that cannot be.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  channel "B" {
    range        = "3V"
    coupling     = "acc"
    offset       = 1
    bandwidth    = "10 MHZ"
    probe        = "10x"
    label        = ["a"]
    unit         = "A"
    scale        = "100 mA/V"
    scale_offset = "x"
    equation     = "2 * w"
    enabled      = 3
  }
  channel "C" { range = "-5V" }
  channel "D" { offset = "1V" }
  stream { sample_rate = "1kS/s" }
}
