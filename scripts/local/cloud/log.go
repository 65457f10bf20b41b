package cloud

import (
	"io"
	"sync"
)

// log lets everybody write to one writer, a line at a time.
type log struct {
	mu sync.Mutex
	to io.Writer
}

func newLog(to io.Writer) io.Writer {
	if to == nil {
		return io.Discard
	}
	return &log{to: to}
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}
