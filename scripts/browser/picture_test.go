package browser

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// pictures has the gallery write what README.md shows; it is `make screenshots`.
var pictures = flag.Bool("pictures", false, "write the pictures of all pages")

// picture keeps what the tab shows, where ROSTER_PICTURES says where to: a failed test is easier to
// understand by it.
func (b *tab) picture() {
	folder := os.Getenv("ROSTER_PICTURES")
	if folder == "" {
		return
	}
	if raw, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100)); err == nil {
		_ = os.WriteFile(filepath.Join(folder, strings.ReplaceAll(b.t.Name(), "/", "-")+".png"), raw, 0o600)
	}
}

// pretend has the browser show times as if it were a certain day, so that pictures differ only where
// pages do.
func (b *tab) pretend() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
		const shift = Date.now() - Date.UTC(2026, 0, 15, 9, 30), Real = Intl.DateTimeFormat;
		Intl.DateTimeFormat = function (_, style) {
			const real = new Real("en-GB", {...style, timeZone: "UTC"});
			return {format: (at) => real.format(style.timeZone ? at : new Date(at - shift))};
		};`})
	if err != nil {
		b.t.Fatal(err)
	}
}

// keep writes what the tab shows as a small picture, where README.md shows one of that name.
func (b *tab) keep(name string) {
	b.t.Helper()
	file := filepath.Join("pictures", name+".png")
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		b.t.Fatal(err)
	}
	if !bytes.Contains(readme, []byte(file)) {
		return
	}
	ask[bool](b, `[...document.querySelectorAll("input[type=date]")].every((e, i) => e.value = ["2025-12-16", "2026-01-15"][i])`)
	shot := chromedp.FullScreenshot(100)
	if ask[bool](b, `document.querySelector("dialog[open], .notices .alert") !== null`) {
		ask[bool](b, "(scrollTo(0, 0), true)")
		shot = chromedp.CaptureScreenshot() // it stands in the window, not in the page
	}
	raw, err := chromedp.Run(b.ctx, shot)
	if err != nil {
		b.t.Fatal(err)
	}
	small, err := reduced(raw)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, small, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// reduced returns a picture with its 255 most frequent colours, and the others as the nearest of them:
// pages have few.
func reduced(raw []byte) ([]byte, error) {
	whole, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	count, box := map[color.RGBA]int{}, whole.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(whole.At(x, y)).(color.RGBA) }
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	most := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range most[:min(255, len(most))] {
		palette = append(palette, c)
	}
	small, nearest := image.NewPaletted(box, palette), map[color.RGBA]uint8{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c := at(x, y)
			i, known := nearest[c]
			if !known {
				i = uint8(palette.Index(c))
				nearest[c] = i
			}
			small.SetColorIndex(x, y, i)
		}
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small)
	return out.Bytes(), err
}
