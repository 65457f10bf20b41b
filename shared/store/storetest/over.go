package storetest

import "net/http"

// Over returns faults in front of another transport, for requests that no World makes: those of the
// local cloud's functions, say, on their way through a proxy.
func Over(next http.RoundTripper) *Faults { return &Faults{next: next} }
