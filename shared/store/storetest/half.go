package storetest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// Half lets half of a batch happen and leaves the rest unprocessed, as a table does that nearly
// takes no more.
func Half(r *http.Request, forward func() (*http.Response, error)) (*http.Response, error) {
	var in, out map[string]any
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	asked, left := in["RequestItems"].(map[string]any), map[string]any{}
	for table, batch := range asked {
		asked[table], left[table] = cut(batch)
	}
	text, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	answer, err := forward()
	if err != nil {
		return nil, err
	}
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil {
		return nil, err
	}
	out["UnprocessedKeys"], out["UnprocessedItems"] = left, left
	text, err = json.Marshal(out)
	return Answer(r, answer.StatusCode, string(text)), err
}

// cut parts what a batch asks of one table: a list of writes, or keys to get and how.
func cut(batch any) (first, rest any) {
	if writes, ok := batch.([]any); ok {
		n := (len(writes) + 1) / 2
		return writes[:n], writes[n:]
	}
	get := batch.(map[string]any)
	keys := get["Keys"].([]any)
	n := (len(keys) + 1) / 2
	return map[string]any{"Keys": keys[:n], "ConsistentRead": get["ConsistentRead"]},
		map[string]any{"Keys": keys[n:], "ConsistentRead": get["ConsistentRead"]}
}
