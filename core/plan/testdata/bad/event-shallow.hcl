# Slopes that are less than one count of the converter.
run "r" {
  output = "recordings"
}
device "d" {
  driver = "ps5000a"
  channel "A" {
    range = "50V"
    probe = "x10"
  }
  stream { sample_rate = "1MS/s" }
}
device "fine" {
  driver     = "ps5000a"
  resolution = "16bit"
  channel "A" { range = "5V" }
  stream { sample_rate = "1kS/s" }
}
event "shallow" {
  source = "d.A"
  slope  = "1V/ms"
}
event "longer" { # 2 mV in 2 us
  source = "d.A"
  slope  = "1V/ms"
  over   = "2us"
}
event "steep" {
  source = "d.A"
  slope  = "2V/ms"
}
event "slow" {
  source = "fine.A"
  slope  = "100mV/s"
}
