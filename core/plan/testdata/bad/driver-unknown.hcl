# A slip in the name of a driver.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "simm"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
