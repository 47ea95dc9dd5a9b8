# Attributes and unknown blocks at the top level.
rate = 5
run "r" {
  output = "x"
}
devise "a" {
}
channel "A" {
}
