# Without event blocks the triggers are the events; a run without end.
#! ready events
run "r" {
  output = "recordings"
  keep   = "events"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }
  block {
    sample_rate = "1MS/s"
    post        = 100
    repeat      = "forever"
  }
}
