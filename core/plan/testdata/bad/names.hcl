# Names of devices and channels that cannot be.
run "r" {
  output = "recordings"
}
device "Cell" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
device "nul" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
device "a.b" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
device "1st" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = "sim"
  channel "A:1" { range = "5V" }
  channel "COM1" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
