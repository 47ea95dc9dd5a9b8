# Blocks that may stand once.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "2kS/s" }
  restart { }
  restart { }
  channel "A" { range = "2V" }
  channel "a" { range = "2V" }
  stream { sample_rate = "1kS/s" }
}
