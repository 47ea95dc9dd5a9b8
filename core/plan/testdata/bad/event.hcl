# Events with mistakes.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
event "e" {
  source = "b.A"
  level  = "1V"
}
event "f" {
  source = "a"
  window = ["1V", "-1V"]
  slope  = "1V/s"
}
event "g" {
  source    = "a.B"
  slope     = "5/ms"
  direction = "above"
  start     = ["x"]
}
event "G" {
}
event "h" {
  source = "a.A"
}
event "i" {
  window = "1V"
}
