# Parts of the language that the program cannot carry out.
run "r" {
  output = "x"
  keep   = "events"
  schedule { start = "06:00" }
}
device "a" {
  driver = "ps5000a"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
event "e" {
  source = "a.A"
  level  = "1V"
  before = "1s"
  after  = "2s"
}
on "e" {
  command = ["mail"]
}
