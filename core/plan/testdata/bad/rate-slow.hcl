# Sample rates that are slower than anything.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  model  = "5444D MSO"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  stream { sample_interval = "2000s" }
}
device "b" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "0.0001S/s" }
}
