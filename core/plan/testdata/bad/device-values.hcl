# Values of a device that cannot be.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  resolution    = 14
  power         = "battery"
  sample_format = "float"
  hang_after    = "1ms"
  optional      = "no way"
  restart {
    backoff_max   = "forever"
    give_up_after = "0s"
  }
  stream { sample_rate = "1kS/s" }
}
