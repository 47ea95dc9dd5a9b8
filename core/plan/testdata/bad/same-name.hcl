# Two devices with one name.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
