# Two attributes in a one-line block.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" coupling = "dc" }
  stream { sample_rate = "1kS/s" }
}
