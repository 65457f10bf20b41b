// Package bench measures what DESIGN.md §10 sets bars for and a test must not judge by a clock: how
// fast functions start, beside an empty function with the same SDK clients; how long a warm one works
// besides DynamoDB; how many requests a second go through the local gateway; how large the binaries
// are. `make bench` runs it and prints the report; a figure holds for the machine that it ran on.
package bench
