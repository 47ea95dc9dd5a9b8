# What is said of keeping has no effect where all is kept.
#! ready events
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
event "e" {
  source = "a.A"
  level  = "1V"
  before = "10s"
}
