package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"roster/scripts/local/cloud/cloudtest"
)

// crowd is how many clients send at the same time.
const crowd = 16

// client is theirs: it looks at nothing but the status, so that it costs the machine little.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * crowd}}

// send sends a request as somebody and returns the answer's body, which is of status 200.
func send(as *cloudtest.Person, method, path string, body any) ([]byte, error) {
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body) // maps of texts
	}
	r, err := http.NewRequest(method, as.Cloud.URL+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+as.Token)
	answer, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s %s", method, path, answer.Status, all)
	}
	return all, err
}
