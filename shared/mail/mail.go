// Package mail writes Roster's mails and sends them through Amazon SES. Every mail has a subject,
// an HTML and a text part that say the same, and exactly one link. The names in it are chosen by
// strangers: they stay text, on one line, in their own place, whatever they hold.
//
// The markup is written by hand: html/template would make the function 2.2 MB larger and start
// 0.2 to 0.5 ms later. What that package would promise is held by the compiler (see line), by the
// one place that writes markup (see page) and by a property test.
package mail

// A Message is a mail without its recipient. Subject is a single line without control or
// direction-changing characters.
type Message struct {
	Subject, HTML, Text string
}
