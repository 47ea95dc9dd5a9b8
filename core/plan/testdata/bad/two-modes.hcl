# A device that acquires in two ways.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  block {
    post        = 100
    sample_rate = "1kS/s"
  }
  stream { sample_rate = "1kS/s" }
}
