# A driver's own options: every kind, nested and labelled blocks.
run "options" {
  output   = "recordings"
  samples  = "10MS"
  duration = null
}
device "a" {
  driver = "sim"
  channel "A" {
    range = "5V"
    sim {
      signal    = "replay"
      frequency = "1.5kHz"
      amplitude = "2V"
      phase     = -90.5
      interval  = "1/3us"
      file      = "/data/wave.i16"
      file_rate = "44.1kS/s"
      loop      = false
      heights   = [1, 0.5, 0.1]
      words     = ["a", "b"]
      noise     = "5mV"
      seed      = -7
      add { signal = "sine" }
      add { signal = "square" }
      once { count = "4kS" }
    }
  }
  sim {
    pace            = "fast"
    clock_error_ppm = 12.5
    delivery        = "50ms"
    fault "crash" { at = "2s" }
    fault "hang" {
      at   = "3s"
      kind = "spin"
    }
  }
  stream {
    sample_rate = "100/3kS/s"
    downsample {
      mode     = "average"
      ratio    = "1kS"
      keep_raw = true
    }
  }
}
