# A range that does not exist: at the tip of a probe, and as the nearest of a scope.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  channel "B" {
    range = "30V"
    probe = "x10"
  }
  channel "C" { range = "3V" }
  stream { sample_rate = "1kS/s" }
}
