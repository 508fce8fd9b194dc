/** What a person's browser shows when it comes back from AWS. Fixed texts, no scripts: nothing of the request is repeated. */
export function callbackPage(outcome: 'received' | 'refused' | 'not-expected'): string {
  const { title, text } = texts[outcome]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} – Mountbar</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 32rem; margin: 20vh auto; padding: 0 1.5rem }
</style>
</head>
<body>
<h1>${title}</h1>
<p>${text}</p>
</body>
</html>
`
}

const texts = {
  received: {
    title: 'Approved',
    text: 'You can close this window. Mountbar does the rest.',
  },
  refused: {
    title: 'Not signed in',
    text: 'You can close this window. AWS did not let Mountbar in; to try again, start in Mountbar.',
  },
  'not-expected': {
    title: 'Not expected',
    text: 'Mountbar does not wait for this. You can close this window.',
  },
} as const
