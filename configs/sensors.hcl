# From volts to what a sensor measures. The recording keeps the counts; inspect and export show values in the channel's unit.
#   logger run configs/sensors.hcl && logger export sensors-... --to sensors.csv

run "sensors" {
  output   = "recordings"
  duration = "10s"
}

device "bench" {
  driver = "sim"

  channel "A" { # a current clamp: 100 mV/A behind a x10 probe, with a zero that is off by 0.2 A
    label        = "motor current"
    range        = "50V"
    probe        = "x10"
    unit         = "A"
    scale        = "10A/V" # per volt at the tip of the probe
    scale_offset = "-0.2A"
    sim {
      signal    = "sine"
      frequency = "50Hz"
      amplitude = "5V"
    }
  }
  channel "B" { # an NTC of 10 kOhm with a resistor of 10 kOhm at 5 V: an equation over v, the volts at the tip
    label    = "temperature"
    range    = "5V"
    unit     = "degC"
    equation = "v > 0.1 && v < 4.9 ? 1 / (1 / 298.15 + ln(v / (5 - v)) / 3950) - 273.15 : -273.15"
    sim {
      signal    = "triangle"
      frequency = "0.1Hz"
      amplitude = "2V"
      offset    = "2.5V"
    }
  }
  channel "C" { # power in a load of 50 ohm; only what alternates
    label    = "power"
    range    = "2V"
    coupling = "ac"
    unit     = "mW"
    equation = "1000 * pow(v, 2) / 50"
    sim {
      signal    = "sine"
      frequency = "1kHz"
      amplitude = "3V"
      offset    = "0.5V"
    }
  }

  stream { sample_rate = "100kS/s" }
}
