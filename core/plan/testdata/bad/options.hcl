# A driver's own options with mistakes.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" {
    range = "5V"
    sim {
      signal    = "sin"
      frequency = "1000"
      amplitude = "200V"
      phase     = "x"
      interval  = 5
      loop      = "never"
      heights   = [1, "a"]
      words     = ["a", "c"]
      seed      = 1.5
      file_rate = "0S/s"
      once { }
      once { count = 1 }
      ad { }
    }
  }
  sim {
    pace            = "slow"
    clock_error_ppm = 20000
    delivery        = "0.1ms"
    speed           = 1
    fault { at = "1s" }
    fault "x" { at = "-1s" }
  }
  stream { sample_rate = "1kS/s" }
}
