# Events of every kind; some start blocks.
run "events" {
  output   = "recordings"
  duration = "1m"
}
device "slow" {
  driver = "sim"
  channel "A" {
    range = "50V"
    probe = "x10"
  }
  stream { sample_rate = "1MS/s" }
}
device "pairs" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream {
    sample_rate = "1MS/s"
    downsample {
      mode  = "aggregate"
      ratio = 100
    }
  }
}
device "fast" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  rapid_block {
    sample_interval = "3.2us"
    pre         = 100
    post        = 900
    captures    = 10
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }
}
device "once" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  block {
    sample_interval = "3.2us"
    post        = 100
    repeat      = 3
  }
}
device "while" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  block {
    sample_interval = "3.2us"
    post        = 100
    repeat_for  = "10s"
  }
}
event "up" {
  source     = "slow.A"
  level      = "20V"
  hysteresis = "1V"
  start      = ["fast", "once"]
}
event "gone" {
  source    = "slow.A"
  window    = ["-30V", "30V"]
  direction = "enter_or_exit"
  start     = ["while"]
}
event "jump" {
  source     = "slow.A"
  slope      = "5V/ms"
  over       = "200us"
  direction  = "either"
  hysteresis = "100mV"
  start      = ["once"]
}
event "peak" {
  source    = "pairs.A"
  level     = "4V"
  direction = "above"
}
event "seen" {
  source = "fast"
}
