# The signal generators of three PicoScopes, each looped back into its own channel D: an arbitrary wave, a sweep, and one that
# the scope's trigger starts. The scopes are emulated: their plugins load the libraries that "make" builds into bin/emulator
# instead of the vendor's, and configs/generator-loopback.conf says what is connected where.
#   mkdir -p build/generator-loopback && cp configs/generator-loopback.conf build/generator-loopback/rig.conf && SCOPELOG_RIG=build/generator-loopback bin/logger run configs/generator-loopback.hcl

run "generator-loopback" {
  output   = "recordings"
  duration = "3s"
}

device "small" { # PicoScope 2406B: the generator counts phases of a 20 MHz clock
  driver  = "ps2000a"
  library = "emulated"
  serial  = "GEN24/001"

  channel "D" { range = "2V" }
  stream { sample_rate = "500kS/s" }

  signal_generator {
    amplitude = "3V"
    frequency = "440Hz"
    arbitrary { expression = "sin(2 * pi * x) * exp(-3 * x)" } # x runs from 0 to 1
    change "1s" { frequency = "880Hz" }
    change "2s" { enabled = false }
  }
}

device "flexible" { # PicoScope 5444D
  driver     = "ps5000a"
  library    = "emulated"
  serial     = "GEN54/001"
  resolution = "14bit"

  channel "D" { range = "2V" }
  stream { sample_rate = "1MS/s" }

  signal_generator {
    wave           = "sine"
    frequency      = "1kHz"
    amplitude      = "2V"
    sweep          = "up_down"
    stop_frequency = "20kHz"
    step           = "500Hz"
    dwell          = "10ms"
  }
}

device "fast" { # PicoScope 6824E: bursts of three periods, one for each trigger
  driver  = "ps6000a"
  library = "emulated"
  serial  = "GEN68/001"

  channel "A" { range = "2V" }
  channel "D" { range = "2V" }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "500mV"
    }
  }
  block {
    sample_rate = "1MS/s"
    pre         = "1ms"
    post        = "9ms"
    repeat      = 10
  }

  signal_generator {
    wave      = "square"
    frequency = "1kHz"
    amplitude = "2V"
    shots     = 3
    trigger {
      type   = "rising"
      source = "scope"
    }
  }
}
