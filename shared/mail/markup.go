package mail

// The markup of a mail: no table, image, style sheet or anything fetched. Text and background keep
// the client's own colours, so light and dark mode both work; the button has a contrast of 5.1
// with its text, and of more than 3 with a white and a black page.
const (
	opening = `<!doctype html>
<html lang="en" style="color-scheme:light dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>%s</title>
</head>
<body style="margin:0;padding:24px 16px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="display:none;max-height:0;overflow:hidden">%s</div>
<div role="article" style="max-width:560px;margin:0 auto;overflow-wrap:anywhere">
<h1 style="margin:0 0 16px;font-size:24px;line-height:1.25">%s</h1>
<p style="margin:0 0 16px">%s</p>
`

	factRow = `<p style="margin:0 0 4px">%s: <strong><bdi>%s</bdi></strong></p>
`

	button = `<p style="margin:24px 0"><a href="%s" style="display:inline-block;padding:12px 20px;` +
		`border-radius:6px;background-color:#2563eb;color:#ffffff;font-weight:600;text-decoration:none">%s</a></p>
`

	note = `<p style="margin:0 0 12px;font-size:14px">%s</p>
`

	closing = `</div>
</body>
</html>
`
)
