package cost

import (
	"io"
	"testing"

	"roster/scripts/local/cloud"
	"roster/scripts/local/cloud/cloudtest"
)

// metered returns a cloud whose functions are metered, and whose log goes to log.
func metered(t testing.TB, log io.Writer) (*cloudtest.Cloud, *cloudtest.Proxy) {
	t.Helper()
	c, p := cloudtest.Behind(t, cloud.Options{Log: log, Settings: map[string]string{"ROSTER_INVITES_PER_DAY": "100000", "ROSTER_RESEND_AFTER": "0"}})
	p.Meter = true
	return c, p
}

// used is what all calls of a function consumed since the proxy last forgot.
func used(p *cloudtest.Proxy, function string) (sum cloudtest.Capacity) {
	for _, call := range p.Calls(function) {
		c := cloudtest.Consumed(call)
		sum.Reads, sum.Writes = sum.Reads+c.Reads, sum.Writes+c.Writes
	}
	return sum
}
