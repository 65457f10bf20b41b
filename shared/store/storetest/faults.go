package storetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// Faults stands between the SDK and the engine, so that what it does is met by the SDK's retries
// and the store's as in production. It also keeps a list of what passed.
type Faults struct {
	Pace time.Duration  // how long each answer is held back, to count round trips by
	Dice func() float64 // what chances are decided by; rand.Float64 when nil

	next  http.RoundTripper
	mu    sync.Mutex
	rules []*Rule
	calls []Call
}

// Call is a request that the SDK made.
type Call struct {
	Action string // "TransactWriteItems"
	Token  string // the client request token, where there is one
}

// Rule says which requests meet a fault.
type Rule struct {
	Action string // every action when ""
	Fault  Fault
	Skip   int     // so many are left alone first
	Times  int     // so many meet it then; all when 0
	Chance float64 // each with this probability; all when 0

	struck int // how many met it
}

// Fault answers a request in the engine's place; forward hands it on.
type Fault func(r *http.Request, forward func() (*http.Response, error)) (*http.Response, error)

// Add makes requests meet a fault from now on. Where rules overlap the earlier one holds.
func (f *Faults) Add(r Rule) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = append(f.rules, &r)
}

// Insert makes requests meet a fault before all other rules, until the returned function is called.
func (f *Faults) Insert(r Rule) (undo func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.rules
	f.rules = append([]*Rule{&r}, before...)
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.rules = before
	}
}

// Clear takes all rules away, and forgets what passed.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules, f.calls = nil, nil
}

// Struck tells of each rule, in their order, how many requests met it.
func (f *Faults) Struck() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []int
	for _, r := range f.rules {
		all = append(all, r.struck)
	}
	return all
}

// Calls lists the requests that were made of an action, or of all when it is "".
func (f *Faults) Calls(action string) []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Call
	for _, c := range f.calls {
		if action == "" || c.Action == action {
			all = append(all, c)
		}
	}
	return all
}

// RoundTrip is what the SDK's HTTP client calls.
func (f *Faults) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body.Close()
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	forward := func() (*http.Response, error) { return whole(f.next.RoundTrip(r)) }
	answer, err := f.meet(r, body)(r, forward)
	if f.Pace > 0 {
		time.Sleep(f.Pace)
	}
	return answer, err
}

// whole reads an answer to its end.
func whole(r *http.Response, err error) (*http.Response, error) {
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return r, err
}

// meet notes the request and picks the fault that it meets.
func (f *Faults) meet(r *http.Request, body []byte) Fault {
	var token struct{ ClientRequestToken string }
	_ = json.Unmarshal(body, &token) // no token is ""
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, Call{action, token.ClientRequestToken})
	for _, rule := range f.rules {
		if (rule.Action == "" || rule.Action == action) && rule.strikes(f.dice()) {
			return rule.Fault
		}
	}
	return none
}

func (f *Faults) dice() float64 {
	if f.Dice != nil {
		return f.Dice()
	}
	return rand.Float64()
}

// strikes decides for one request, and counts it.
func (r *Rule) strikes(dice float64) bool {
	switch {
	case r.Chance > 0 && dice >= r.Chance, r.Times < 0:
		return false
	case r.Skip > 0:
		r.Skip--
		return false
	case r.Times == 1:
		r.Times = -1
	case r.Times > 1:
		r.Times--
	}
	r.struck++
	return true
}

func none(_ *http.Request, forward func() (*http.Response, error)) (*http.Response, error) {
	return forward()
}

// LostReply lets the request happen and says nothing of it.
func LostReply(_ *http.Request, forward func() (*http.Response, error)) (*http.Response, error) {
	if _, err := forward(); err != nil {
		return nil, err
	}
	return nil, errors.New("connection reset by peer")
}

// Timeout keeps the request from ever arriving.
func Timeout(*http.Request, func() (*http.Response, error)) (*http.Response, error) {
	return nil, os.ErrDeadlineExceeded
}

// Conflict is a transaction that met another one on its last item.
var Conflict = Cancel("None", "TransactionConflict")

// Throttle is a table that takes no more for now.
var Throttle = Refuse(http.StatusBadRequest, "ThrottlingException")

// Refuse answers with DynamoDB's error of that code; nothing happens.
func Refuse(status int, code string) Fault { return refuse(status, code, "") }

// Cancel is a transaction that was cancelled for those reasons.
func Cancel(codes ...string) Fault {
	reasons := []string{}
	for _, c := range codes {
		reasons = append(reasons, fmt.Sprintf(`{"Code":%q}`, c))
	}
	return refuse(http.StatusBadRequest, "TransactionCanceledException", `,"CancellationReasons":[`+strings.Join(reasons, ",")+`]`)
}

func refuse(status int, code, more string) Fault {
	return func(r *http.Request, _ func() (*http.Response, error)) (*http.Response, error) {
		return Answer(r, status, fmt.Sprintf(`{"__type":"com.amazonaws.dynamodb.v20120810#%s","message":"injected"%s}`, code, more)), nil
	}
}

// Answer is an answer of the engine's kind.
func Answer(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Request: r, ContentLength: int64(len(body)),
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body:   io.NopCloser(strings.NewReader(body)),
	}
}

// First runs f, and then lets the request happen: the world moves between a look and its change.
func First(f func()) Fault {
	return func(_ *http.Request, forward func() (*http.Response, error)) (*http.Response, error) {
		f()
		return forward()
	}
}
