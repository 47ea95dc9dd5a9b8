# A model that the driver does not know.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  model = "5244D"
  stream { sample_rate = "1kS/s" }
}
