# Control characters are not sent to the terminal.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = "\u001b[31m"
   = 1
  stream { sample_rate = "1kS/s" }
}
