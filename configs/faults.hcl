# Loss on request, to see how it is recorded: the unit loses samples and says so, and its plugin
# crashes once. The run goes on, every loss becomes a gap, and the run ends with exit code 3.

run "faults" {
  output   = "recordings"
  duration = "20s"
}

device "shaky" {
  driver = "sim"
  serial = "SHAKY"

  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }

  sim {
    fault "lose" {
      at    = "3s"
      count = 5000
    }
    fault "crash" {
      at  = "8s"
      how = "segv"
    }
  }

  restart { backoff_max = "1s" }

  stream { sample_rate = "100kS/s" }
}

device "steady" { # loses nothing, whatever happens beside it
  driver = "sim"
  serial = "STEADY"

  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }

  stream { sample_rate = "100kS/s" }
}
