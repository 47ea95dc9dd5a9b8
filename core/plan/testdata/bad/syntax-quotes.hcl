# A quantity without quotes.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" {
    range  = 5V
    offset = 10mV # twice
  }
  stream { sample_rate = "1kS/s" }
}
