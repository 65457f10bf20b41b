package storm

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"testing"
)

// The size of a storm. A failure can be repeated with its seed, as far as goroutines allow.
var (
	rounds  = flag.Int("storm.rounds", 1, "how often every race and history is run, each time with new people")
	seeds   = flag.Int("storm.seeds", 1, "how many seeds every planted bug has to be caught by")
	planted = flag.Int("storm.bugs", 3, "how many bugs are planted, of all that there are")
	many    = flag.Int("storm.many", 1000, "how many members the organization has that is deleted, and a tenth as many are invited")
	seed    = flag.Uint64("storm.seed", rand.Uint64()>>40, "what all chances are drawn from")
)

func TestMain(m *testing.M) {
	flag.Parse()
	// All requests of a race go to one address at once.
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 2 * crowd
	// Tests wait for the background more than they work.
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("4") // a number
	}
	code := m.Run()
	if code != 0 {
		fmt.Printf("repeat it with: go test ./scripts/storm -storm.seed %d\n", *seed)
	}
	os.Exit(code)
}

// luck is what chances are drawn from.
type luck uint64

// dice returns chances that are the same for the same luck and purpose.
func (l luck) dice(purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(uint64(l), purpose)) }

// dice are those of the seed.
func dice(purpose uint64) *rand.Rand { return luck(*seed).dice(purpose) }
