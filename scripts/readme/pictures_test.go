package readme

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var shown = regexp.MustCompile(`!\[[^\]]*\]\(([^)]+)\)`)

func TestEveryPictureIsThereAndEachIsShown(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, found := range shown.FindAllSubmatch(text, -1) {
		path := string(found[1])
		used[filepath.Base(path)] = true
		if _, err := os.Stat(filepath.Join("../..", path)); err != nil {
			t.Errorf("README.md shows %s: %v", path, err)
		}
	}
	files, err := filepath.Glob("../browser/pictures/*.png")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d pictures, %v", len(files), err)
	}
	for _, f := range files {
		if !used[filepath.Base(f)] {
			t.Errorf("README.md does not show %s; write no such picture", f)
		}
	}
}
