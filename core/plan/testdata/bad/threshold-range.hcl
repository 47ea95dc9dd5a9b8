# A threshold that the channel never reaches.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  channel "B" {
    range  = "20V"
    probe  = "x10"
    offset = "5V"
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "6V"
    }
    window "B" {
      direction = "inside"
      lower     = "-30V"
      upper     = "14V"
    }
  }
  stream { sample_rate = "1MS/s" }
}
