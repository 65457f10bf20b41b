package gateway

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"roster/shared/refusal"
)

// An answer is a function's, ready to be written.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// readAnswer unwraps what a function returned. Anything but the proxy shape is a failure of the
// integration, whatever the function meant.
func readAnswer(raw []byte) (*answer, refusal.Type) {
	var shape events.APIGatewayProxyResponse
	if err := json.Unmarshal(raw, &shape); err != nil || shape.StatusCode < 200 || shape.StatusCode > 599 {
		return nil, refusal.IntegrationFailure
	}
	body := []byte(shape.Body)
	if shape.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(shape.Body)
		if err != nil {
			return nil, refusal.IntegrationFailure
		}
		body = decoded
	}
	return &answer{status: shape.StatusCode, header: merge(shape), body: body}, ""
}

// merge returns the headers of an answer: single and multiple values of one name go together, and
// JSON is the content type of an answer that names none.
func merge(shape events.APIGatewayProxyResponse) http.Header {
	all := http.Header{}
	for name, values := range shape.MultiValueHeaders {
		for _, value := range values {
			all.Add(remapped(name), value)
		}
	}
	for name, value := range shape.Headers {
		if name = remapped(name); !slices.Contains(all.Values(name), value) {
			all.Add(name, value)
		}
	}
	if all.Get("Content-Type") == "" {
		all.Set("Content-Type", "application/json")
	}
	return all
}

// remapped returns the name under which the REST API passes on a header that it keeps to itself.
func remapped(name string) string {
	switch strings.ToLower(name) {
	case "connection", "content-length", "date", "server", "transfer-encoding", "www-authenticate":
		return "X-Amzn-Remapped-" + name
	}
	return name
}

func (a *answer) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// Refuse answers in place of a function.
func Refuse(w http.ResponseWriter, t refusal.Type) {
	r := refusal.Of(t)
	for name, value := range r.Headers() {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.Status)
	_, _ = w.Write([]byte(r.Body()))
}
