# Ten minutes at the start of every hour of the working day, for as long as the program runs, by the clock of the lab:
# also when clocks are put on or back. Each recording gets a folder of its own. Show the next ones with "logger
# validate", where it stands with "logger status", and end it with "logger stop thermal".

run "thermal" {
  output = "recordings"
  notes  = "warming up of the test bench"

  schedule {
    start    = "00:00" # with every: at each full hour
    every    = "1h"
    for      = "10m"
    windows  = ["mon-fri 07:00-19:00"]
    timezone = "Europe/Berlin"
  }
}

device "bench" {
  driver = "sim"

  channel "A" {
    range = "5V"
    label = "supply"
    sim {
      signal    = "sine"
      frequency = "50Hz"
      amplitude = "2V"
      noise     = "5mV"
    }
  }

  stream { sample_rate = "10kS/s" }
}
