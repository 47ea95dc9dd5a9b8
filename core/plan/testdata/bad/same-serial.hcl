# Two devices of one driver with one serial.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = "AB1"
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = "ab1"
  stream { sample_rate = "1kS/s" }
}
