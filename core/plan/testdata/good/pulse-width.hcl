# The level of a pulse width need not be in any_of, and an AND may name a condition once in each list.
run "r" { output = "recordings" }
device "a" {
  driver = "ps6000a"
  channel "A" { range = "1V" }
  channel "B" { range = "1V" }
  rapid_block {
    sample_rate    = "1.25GS/s"
    post           = 100
    captures       = 1000
    memory_segment = 249000
    repeat         = 2
    every          = "1s"
  }
  trigger {
    level "A" {
      direction  = "rising"
      threshold  = "-0.9V"
      hysteresis = "100mV"
    }
    level "B" {
      direction = "above"
      threshold = "0V"
    }
    pulse_width "A" {
      name      = "long"
      direction = "rising"
      type      = "greater_than"
      upper     = "1us"
    }
    any_of = [["long", "B"], ["long", "!B"]]
  }
}
