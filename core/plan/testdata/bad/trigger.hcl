# Triggers with mistakes.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  channel "B" {
    range   = "5V"
    enabled = false
  }
  trigger {
    level "A" {
      direction = "up"
      threshold = "1V"
    }
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
    level "B" {
      name      = "b"
      direction = "rising"
      threshold = "1V"
    }
    level "F" {
      direction = "rising"
      threshold = "1V"
    }
    window "A" {
      name      = "w w"
      direction = "inside"
      lower     = "1V"
      upper     = "-1V"
    }
    digital "D0-7" {
      pins = { D0 = "rising" }
    }
    any_of = [["A", "c"], "A"]
  }
  stream { sample_rate = "1MS/s" }
}
