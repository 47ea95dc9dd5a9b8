# Parts of the language that the program cannot carry out.
run "r" {
  output = "x"
  keep   = "events"
  schedule { start = "06:00" }
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  signal_generator {
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "1V"
    change "1s" { frequency = "2kHz" }
  }
  stream { sample_rate = "1kS/s" }
}
event "e" {
  source = "a.A"
  level  = "1V"
}
on "e" {
  command = ["mail"]
}
