# Labels that are missing or too many.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  channel { range = "5V" }
  channel "B" "C" { range = "5V" }
  stream "x" { sample_rate = "1kS/s" }
}
