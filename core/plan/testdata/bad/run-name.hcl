# A name that cannot be a folder.
run "a:b c" {
  output = "x"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
