# Equations that cannot be used.
run "r" {
  output = "recordings"
}
device "a" {
  driver = "sim"
  channel "A" { range = "5V" }
  channel "B" {
    range    = "1V"
    equation = "2 * "
  }
  channel "C" {
    range    = "1V"
    equation = "v == 1"
  }
  channel "D" {
    range    = "1V"
    equation = "file(v)"
  }
  channel "E" {
    range    = "1V"
    equation = "sin(v, 2)"
  }
  channel "F" {
    range    = "1V"
    equation = "[for x in [v] : x][0]"
  }
  channel "G" {
    range    = "1V"
    equation = "log(v)"
  }
  channel "H" {
    range    = "1V"
    equation = "2 * pi"
  }
  stream { sample_rate = "1kS/s" }
}
device "b" {
  driver = "sim"
  channel "A" {
    range    = "1V"
    equation = "sqrt(-2 - v)"
  }
  channel "B" {
    range    = "1V"
    equation = "2 * volts"
  }
  stream { sample_rate = "1kS/s" }
}
