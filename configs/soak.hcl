# An endless recording that never fills the disk: a segment each ten minutes, the oldest ones removed when less than
# 20 GiB are free. Stop it with Ctrl-C or "logger stop". Beside all samples it keeps the smallest and the largest of
# each thousand, so that days can be looked at quickly.

variable "serial" {
  description = "which unit; empty: the first one found"
  default     = ""
}

run "soak" {
  output = "recordings"
  rotate = "10m" # one file per stream and ten minutes
  sync   = "1s"  # what a power cut can cost
  notes  = "thermal drift"

  disk {
    keep_free = "20GiB"
    when_low  = "drop_oldest"
    retry_for = "10m"
  }
}

device "cell" {
  driver = "sim"
  serial = var.serial

  channel "A" {
    range = "5V"
    label = "cell voltage"
    sim {
      signal    = "sine"
      frequency = "50mHz"
      amplitude = "1V"
      offset    = "3.6V"
      noise     = "2mV"
      add { # a rare glitch on top
        signal        = "random_pulses"
        amplitude     = "500mV"
        width         = "20us"
        mean_interval = "30s"
      }
    }
  }

  restart {
    backoff_max   = "30s"
    give_up_after = "never"
  }

  stream {
    sample_rate = "1MS/s"
    downsample {
      mode     = "aggregate"
      ratio    = 1000
      keep_raw = true
    }
  }
}
