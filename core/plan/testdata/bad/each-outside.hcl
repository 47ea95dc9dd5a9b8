# each without for_each.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  serial = each.key
  stream { sample_rate = "1kS/s" }
}
