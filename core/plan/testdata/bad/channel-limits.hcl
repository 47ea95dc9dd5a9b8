# What the channels of a family cannot do.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  channel "E" { range = "5V" }
  channel "B" {
    range     = "100mV"
    coupling  = "dc50"
    offset    = "1V"
    bandwidth = "5MHz"
  }
  stream { sample_rate = "1kS/s" }
}
