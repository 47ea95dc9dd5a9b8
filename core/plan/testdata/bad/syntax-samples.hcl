# A number of samples without quotes: the prefix alone is no unit.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  block {
    sample_rate = "1MS/s"
    post        = 10G
  }
}
