# A family that is not installed differs from an installed one in its digits: that is no slip of the pen.
run "newer" {
  output = "recordings"
}
device "a" {
  driver = "ps2000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
