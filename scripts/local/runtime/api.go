package runtime

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// answerLimit is the largest answer that Lambda takes from a function.
const answerLimit = 6 << 20

// tooLarge is what becomes of a larger one.
var tooLarge = &FunctionError{
	Type:    "Function.ResponseSizeTooLarge",
	Message: "Response payload size exceeded maximum allowed payload size (6291456 bytes).",
}

// api is the Runtime API as one process sees it.
type api struct {
	config Config
	next   <-chan *invocation
	ready  func() // the process asks for work; it has begun

	mu      sync.Mutex
	running *invocation
	failed  *FunctionError // posted to init/error
}

func newAPI(c Config, next <-chan *invocation, ready func()) *api {
	return &api{config: c, next: next, ready: ready}
}

func (a *api) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", a.serveNext)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", a.serveResponse)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", a.serveError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", a.serveInitError)
	return mux
}

// serveNext keeps the process waiting until there is work for it.
func (a *api) serveNext(w http.ResponseWriter, r *http.Request) {
	a.ready()
	select {
	case i := <-a.next:
		a.set(i)
		a.describe(w.Header(), i)
		w.Write(i.payload)
	case <-r.Context().Done():
	}
}

func (a *api) describe(h http.Header, i *invocation) {
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", i.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(a.config.Timeout).UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:"+a.config.region()+":000000000000:function:"+a.config.Name)
	h.Set("Lambda-Runtime-Trace-Id", trace())
}

func (a *api) serveResponse(w http.ResponseWriter, r *http.Request) {
	answer, err := io.ReadAll(io.LimitReader(r.Body, answerLimit+1))
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case len(answer) > answerLimit:
		a.settle(w, r, outcome{err: tooLarge}, http.StatusRequestEntityTooLarge)
	default:
		a.settle(w, r, outcome{answer: answer}, http.StatusAccepted)
	}
}

func (a *api) serveError(w http.ResponseWriter, r *http.Request) {
	a.settle(w, r, outcome{err: readError(r)}, http.StatusAccepted)
}

func (a *api) serveInitError(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.failed = readError(r)
	a.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
}

// settle ends the running invocation with o. An id that is not running is refused, as by Lambda.
func (a *api) settle(w http.ResponseWriter, r *http.Request, o outcome, status int) {
	a.mu.Lock()
	i := a.running
	known := i != nil && i.id == r.PathValue("id")
	if known {
		a.running = nil
	}
	a.mu.Unlock()
	if !known {
		http.Error(w, `{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}`, http.StatusBadRequest)
		return
	}
	w.WriteHeader(status)
	i.done <- o
}

func (a *api) set(i *invocation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running = i
}

// initError returns what the process posted to init/error, or nil.
func (a *api) initError() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed == nil {
		return nil
	}
	return a.failed
}

// readError reads a posted error. One that cannot be read is an error of unknown type.
func readError(r *http.Request) *FunctionError {
	posted := &FunctionError{}
	if err := json.NewDecoder(r.Body).Decode(posted); err != nil {
		return &FunctionError{Type: "Runtime.Unknown", Message: err.Error()}
	}
	return posted
}

// trace returns an X-Ray trace id of a request that is not sampled.
func trace() string {
	random := make([]byte, 20)
	rand.Read(random)
	text := hex.EncodeToString(random)
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", time.Now().Unix(), text[:24], text[24:])
}
