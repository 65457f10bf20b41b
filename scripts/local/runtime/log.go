package runtime

import (
	"bytes"
	"io"
	"sync"
)

// shared lets the processes of a function write to one log, a whole line at a time.
type shared struct {
	mu sync.Mutex
	to io.Writer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.to.Write(p)
}

// lines passes on what one process prints, each line with the function's name before it. It never
// reports an error: a log that cannot be written must not end the process.
type lines struct {
	to     io.Writer
	prefix string
	rest   []byte // of a line whose end has not come yet
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, found := bytes.Cut(l.rest, []byte("\n"))
		if !found {
			return len(p), nil
		}
		l.print(line)
		l.rest = rest
	}
}

// flush prints the last line when the process ended within it.
func (l *lines) flush() {
	if len(l.rest) > 0 {
		l.print(l.rest)
		l.rest = nil
	}
}

func (l *lines) print(line []byte) {
	_, _ = l.to.Write(append([]byte(l.prefix), append(line[:len(line):len(line)], '\n')...))
}
