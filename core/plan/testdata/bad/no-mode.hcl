# A device that does not say how to acquire.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
}
