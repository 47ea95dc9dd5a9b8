# What each model can do, but none all of.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  channel "C" { range = "5V" }
  digital "D0-7" { threshold = "9V" }
  sample_format = "int8"
  resolution = "10bit"
  stream { sample_rate = "1kS/s" }
}
