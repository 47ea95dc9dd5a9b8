# A range beyond a simulation's.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  channel "B" { range = "1kV" }
  channel "C" {
    range = "1mV"
    probe = "x10"
  }
  stream { sample_rate = "1kS/s" }
}
