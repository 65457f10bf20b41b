package main

// version is the hash of all files of the site, which `go test ./functions/portal -update` writes: a
// test holds it to them, so that a changed file never has an earlier one's address.
const version = "cb2c255c054bf4e6"
