# A slip in the names of the only blocks.
runn "r" {
  output = "x"
}
device_ "a" {
}
level "A" { }
stream { }
