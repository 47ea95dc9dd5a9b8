# Blocks that do not exist.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  streem { }
  driver { }
  level "A" { }
  wobble { }
  stream { sample_rate = "1kS/s" }
}
