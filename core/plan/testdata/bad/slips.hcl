# A slip in a name is told once: what was meant is not missed as well.
rnu "r" {
  output = "x"
}
run "q" {
  ouput = "recordings"
}
device "a" {
  drivr = "sim"
  channel "A" { rnage = "5V" }
  streem { sample_rate = "1kS/s" }
}
device "b" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { samplerate = "1kS/s" }
}
