package storm

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// A witness takes what would fail a test as something to look at: what harnesses complain of where a
// bug was planted is what they are there for.
type witness struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

// complaints returns what f complains of, and fails nothing.
func complaints(t testing.TB, f func(t testing.TB)) []string {
	w := &witness{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(w)
	}()
	<-done
	return w.said
}

func (w *witness) say(s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, s)
}

// Errorf notes a complaint.
func (w *witness) Errorf(format string, args ...any) { w.say(fmt.Sprintf(format, args...)) }

// Error notes a complaint.
func (w *witness) Error(args ...any) { w.say(fmt.Sprint(args...)) }

// Fatalf notes a complaint and ends its goroutine.
func (w *witness) Fatalf(format string, args ...any) {
	w.Errorf(format, args...)
	runtime.Goexit()
}

// Fatal notes a complaint and ends its goroutine.
func (w *witness) Fatal(args ...any) {
	w.Error(args...)
	runtime.Goexit()
}

// Logf says nothing: a history that is wrong tells all of its deeds.
func (w *witness) Logf(string, ...any) {}

// Failed reports whether there were complaints.
func (w *witness) Failed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.said) > 0
}
