# Required values that are null.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = null }
  serial = null
  stream { sample_rate = null }
}
