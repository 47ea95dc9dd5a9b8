# A device without a channel that is on.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" {
    range   = "5V"
    enabled = false
  }
  stream { sample_rate = "1kS/s" }
}
