# A trigger without a condition, stop_after_trigger without a trigger.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  trigger { auto = "1s" }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream {
    sample_rate        = "1MS/s"
    stop_after_trigger = true
  }
}
