package stream_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"roster/scripts/local/engine/enginetest"
	"roster/scripts/local/stream"
)

const moment = time.Nanosecond // a MaxAge that every record exceeds

func TestWhatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	// fails returns a function that answers each try in turn, and with success after the last.
	fails := func(answers ...func(numbers []string) (string, error)) func([]string, []string) (string, error) {
		return func(_, numbers []string) (string, error) {
			if len(answers) == 0 {
				return `{"batchItemFailures":[]}`, nil
			}
			answer := answers[0]
			answers = answers[1:]
			return answer(numbers)
		}
	}
	crash := func([]string) (string, error) { return "", errors.New("crash") }
	says := func(answer string) func([]string) (string, error) {
		return func([]string) (string, error) { return answer, nil }
	}
	failing := func(at ...int) func([]string) (string, error) {
		return func(numbers []string) (string, error) {
			list := ""
			for _, i := range at {
				list += `,{"itemIdentifier":"` + numbers[i] + `"}`
			}
			return `{"batchItemFailures":[` + list[1:] + `]}`, nil
		}
	}
	tests := []struct {
		name   string
		answer func(keys, numbers []string) (string, error)
		want   [][]string
	}{
		{"success is final", fails(says(`{"batchItemFailures":[]}`)), [][]string{{"1", "2", "3", "4"}}},
		{"so are null and nothing", fails(says(`null`)), [][]string{{"1", "2", "3", "4"}}},
		{"a crash halves the batch", fails(crash), [][]string{{"1", "2", "3", "4"}, {"1", "2"}, {"3", "4"}}},
		{
			"a crash in a half halves that", fails(crash, crash),
			[][]string{{"1", "2", "3", "4"}, {"1", "2"}, {"1"}, {"2"}, {"3", "4"}},
		},
		{"an answer that is not JSON is like a crash", fails(says(`oops`)), [][]string{{"1", "2", "3", "4"}, {"1", "2"}, {"3", "4"}}},
		{"a failed record and what follows come again", fails(failing(2)), [][]string{{"1", "2", "3", "4"}, {"3", "4"}}},
		{"the lowest failure counts", fails(failing(1, 3)), [][]string{{"1", "2", "3", "4"}, {"2", "3", "4"}}},
		{"a failure of the first is one of all", fails(failing(0)), [][]string{{"1", "2", "3", "4"}, {"1", "2", "3", "4"}}},
		{
			"a failure of an unknown record is one of all", fails(says(`{"batchItemFailures":[{"itemIdentifier":""}]}`)),
			[][]string{{"1", "2", "3", "4"}, {"1", "2", "3", "4"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e, table := enginetest.New(t)
			put(t, e, table, "1", "2", "3", "4")
			f := &function{answer: test.answer}
			m, _ := run(t, e, table, f.consumer(stream.Consumer{}))
			settle(t, m)
			equal(t, "batches", f.batches, test.want)
			equal(t, "given up", f.given, [][]string(nil))
		})
	}
}

func TestWhatKeepsFailingIsGivenUpWhenItIsOld(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	put(t, e, table, "1", "2", "3")
	f := &function{answer: func(keys, numbers []string) (string, error) {
		if at := slices.Index(keys, "2"); at >= 0 {
			return `{"batchItemFailures":[{"itemIdentifier":"` + numbers[at] + `"}]}`, nil
		}
		return "", nil
	}}
	m, _ := run(t, e, table, f.consumer(stream.Consumer{MaxAge: moment, BatchSize: 2}))
	settle(t, m)
	put(t, e, table, "4")
	settle(t, m)
	equal(t, "batches", f.batches, [][]string{{"1", "2"}, {"3"}, {"4"}})
	equal(t, "given up", f.given, [][]string{{"2"}})
}

func TestARecordIsTriedAtLeastOnceHoweverOld(t *testing.T) {
	t.Parallel()
	e, table := enginetest.New(t)
	put(t, e, table, "1")
	f := &function{}
	m, _ := run(t, e, table, f.consumer(stream.Consumer{MaxAge: moment}))
	settle(t, m)
	equal(t, "records", f.seen(), []string{"1"})
	equal(t, "given up", f.given, [][]string(nil))
}
