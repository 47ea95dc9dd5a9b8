# Events that look where nothing can be found.
run "r" {
  output = "recordings"
}
device "raw" {
  driver = "sim"
  channel "A" { range = "5V" }
  channel "B" {
    range   = "5V"
    enabled = false
  }
  stream { sample_rate = "1MS/s" }
}
device "pairs" {
  driver = "sim"
  channel "A" {
    range = "10V"
    probe = "x10"
  }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode  = "aggregate"
      ratio = 100
    }
  }
}
device "one" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  block {
    sample_interval = "3.2us"
    post        = 100
  }
}
event "channel-off" {
  source = "raw.B"
  level  = "1V"
}
event "no-stream" {
  source = "one.A"
  level  = "1V"
}
event "no-trigger" {
  source = "one"
}
event "both" {
  source     = "raw"
  direction  = "rising"
  hysteresis = "1V"
}
event "out-of-range" {
  source = "raw.A"
  level  = "5.1V"
}
event "tip" {
  source = "pairs.A"
  level  = "10.5V"
}
event "never-back" {
  source     = "raw.A"
  level      = "-4V"
  hysteresis = "2V"
}
event "never-back-down" {
  source     = "raw.A"
  level      = "4V"
  direction  = "falling"
  hysteresis = "2V"
}
event "pairs" {
  source = "pairs.A"
  window = ["-1V", "1V"]
}
event "all" {
  source = "raw.A"
  window = ["-5V", "5V"]
}
event "beyond" {
  source = "raw.A"
  window = ["6V", "7V"]
}
event "closed" {
  source     = "raw.A"
  window     = ["-1V", "1V"]
  hysteresis = "1V"
}
event "too-fast" {
  source = "raw.A"
  slope  = "20V/us"
}
event "too-long" {
  source = "raw.A"
  slope  = "1V/s"
  over   = "5ms"
}
event "no-slope" {
  source = "raw.A"
  level  = "1V"
  over   = 10
}
event "odd-direction" {
  source    = "raw.A"
  slope     = "1V/ms"
  direction = "above"
}
