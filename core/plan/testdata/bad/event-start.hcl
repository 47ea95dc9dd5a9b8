# Events that start what cannot be started.
run "r" {
  output = "recordings"
}
device "source" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "1MS/s" }
}
device "again" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  block {
    sample_interval = "3.2us"
    post        = 100
    repeat      = 5
    every       = "1s"
  }
}
device "alone" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  block {
    timebase = 10
    post     = 100
  }
}
device "left" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  rapid_block {
    sample_interval = "3.2us"
    post        = 100
    captures    = 10
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }
}
device "right" {
  driver = "ps6000a"
  channel "A" { range = "5V" }
  block {
    sample_interval = "3.2us"
    post        = 100
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }
}
event "streams" {
  source = "source.A"
  level  = "1V"
  start  = ["source", "again", "again"]
}
event "stream-target" {
  source = "left"
  start  = ["source", "sourc"]
}
event "cannot" {
  source = "source.A"
  level  = "1V"
  start  = ["alone"]
}
event "circle" {
  source = "left"
  start  = ["right"]
}
event "back" {
  source = "right"
  start  = ["left"]
}
