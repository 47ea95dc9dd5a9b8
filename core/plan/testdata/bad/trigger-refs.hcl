# any_of that names conditions that do not exist.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
    level "A" {
      name      = "low"
      direction = "below"
      threshold = "0V"
    }
    any_of = [["A", "!lwo"], ["long"]]
  }
  stream { sample_rate = "1MS/s" }
}
