#! ready schedule
#! ready events
# Every attribute of the run block.
run "all_of-It" {
  output     = "/data"
  until      = "2026-11-21T06:00:00.5+01:00"
  rotate     = "hourly"
  sync       = "500ms"
  max_memory = "2GiB"
  hold       = "1m30s"
  adopt      = "0s"
  sha512     = true
  keep       = "events"
  notes      = "costs $${5}"
  tags       = ["hppc", "x"]
  disk {
    keep_free = "10GiB"
    when_low  = "drop_oldest"
    retry_for = "0s"
  }
  schedule {
    start    = "06:30"
    every    = "1h"
    for      = "10m"
    windows  = ["mon-fri 08:00-18:00", "sat 22:00-06:00", "12:00-13:00", "fri-mon 01:00-02:00"]
    timezone = "UTC"
  }
  plugins {
    lock    = "plugins.lock"
    sandbox = "off"
  }
}
device "a" {
  driver        = "ps5000a"
  model         = "5444dmso"
  serial        = 123456
  library       = "/opt/picoscope/lib/libps5000a.so"
  optional      = true
  resolution    = "14 bit"
  power         = "usb"
  sample_format = "int16"
  hang_after    = "1h"
  restart {
    backoff_max   = "1m"
    give_up_after = "1h"
  }
  channel "A" {
    range        = "50V"
    coupling     = "ac"
    offset       = "-2.5V"
    bandwidth    = "20MHz"
    probe        = 10
    label        = "cell current"
    unit         = "A"
    scale        = "1/3A/V"
    scale_offset = "-0.5A"
    equation     = "max(2 * v + 1, sin(pi * v))"
  }
  channel "B" {
    range        = "20mV"
    enabled      = false
    scale        = 0.1
    scale_offset = 0.3
    bandwidth    = "full"
  }
  digital "D0-7" {
    threshold = "1.5V"
    labels    = ["clock", "data"]
  }
  digital "D8-15" {
    threshold = "-0.5V"
    labels    = { D8 = "a", D15 = "b" }
  }
  stream { sample_interval = "1us" }
}
event "jump" {
  source     = "a.A"
  level      = "2V"
  direction  = "either"
  hysteresis = "10mV"
  before     = "1s"
  after      = "2s"
}
event "leaves" {
  source = "a.A"
  window = ["-1V", "1V"]
}
event "fast" {
  source = "a.A"
  slope  = "5V/ms"
}
