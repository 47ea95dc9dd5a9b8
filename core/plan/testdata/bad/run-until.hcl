# A time that cannot be read, and samples that are none.
run "r" {
  output  = "x"
  until   = "tomorrow"
  samples = "10m"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
