# Attributes that do not exist, or stand elsewhere.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  sample_rate = "1kS/s"
  serail      = "x"
  probe       = "x10"
  stream_     = 1
  channel     = "A"
  stream { sample_rate = "1kS/s" }
}
