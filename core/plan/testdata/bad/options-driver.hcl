# The options of another driver.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  ps5000a { x = 1 }
  si { pace = "fast" }
  stream { sample_rate = "1kS/s" }
}
