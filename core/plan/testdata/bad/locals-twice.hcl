# A local value that stands twice, in one block and in two.
locals {
  a = 1
}
locals {
  a = 2
}
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
