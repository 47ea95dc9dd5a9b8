# Two run blocks, and one without a name.
run "r" {
  output = "recordings"
}
run "s" {
  output = "x"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
event {
}
