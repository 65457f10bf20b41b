package store_test

import (
	"flag"
	"testing"
)

// sequences is how many random sequences a property is tried with, where -rapid.checks does not say.
const sequences = "40"

func TestMain(m *testing.M) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "rapid.checks" })
	if !said {
		if err := flag.Set("rapid.checks", sequences); err != nil {
			panic(err)
		}
	}
	m.Run()
}
