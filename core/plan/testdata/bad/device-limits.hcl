# Resolution, format and power that a model does not have.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  model         = "6824E"
  resolution    = "12bit"
  power         = "supply"
  digital "D0-7" {}
  stream { sample_rate = "1kS/s" }
}
