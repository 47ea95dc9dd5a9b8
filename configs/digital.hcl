# Two digital ports beside an analog channel: what eight pins see is one byte per sample. The pins of a port share a threshold, or have
# one each where the unit can.
#   logger run configs/digital.hcl

run "digital" {
  output   = "recordings"
  duration = "5s"
}

device "bus" {
  driver = "sim"
  model  = "SIM-14-MSO"

  channel "A" {
    range = "5V"
    label = "supply"
    sim {
      signal = "dc"
      offset = "3.3V"
      noise  = "10mV"
    }
  }

  digital "D0-7" {
    threshold = "1.5V"
    labels    = ["clk", "mosi", "miso", "cs"] # from D0 on
  }
  digital "D8-15" { # 3.3 V logic, and two pins of 5 V logic
    threshold = ["1.5V", "1.5V", "1.5V", "1.5V", "1.5V", "1.5V", "2.5V", "2.5V"]
    labels    = { D8 = "ready", D15 = "fault" }
  }

  sim {
    digital "D0-7" {
      pattern   = "counter"
      frequency = "10kHz"
    }
    digital "D8-15" { pattern = "random" }
  }

  stream { sample_rate = "200kS/s" }
}
