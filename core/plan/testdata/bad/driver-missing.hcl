# A device without a driver, and one whose driver is no name.
run "r" {
  output = "recordings"
}
device "a" {
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = ""
  channel "A" { range = "1V" }
  stream { sample_rate = "1kS/s" }
}
