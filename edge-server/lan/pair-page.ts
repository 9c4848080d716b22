/**
 * The page on which a device is paired, and which it gets instead of any other while it is not. It works before anything
 * else may be loaded: one file for each of markup, looks and script, under the same strict policy as every page.
 */
import { Hono } from 'hono'

export const pairPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Pair this device · Understudy</title>
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <meta name="color-scheme" content="dark light">
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/pair/pair.css">
    <script type="module" src="/pair/pair.js"></script>
  </head>
  <body>
    <main>
      <h1>Understudy</h1>
      <p id="words" role="status">This device is not paired yet. On the computer that runs Understudy, choose
        <b>Pair a phone</b> in the settings, or look at the terminal, and scan the code with this device.</p>
      <button id="pair" hidden>Pair this device</button>
      <noscript><p>Pairing needs JavaScript.</p></noscript>
    </main>
  </body>
</html>
`

const look = `:root {
  color-scheme: dark light;
  font: 400 17px / 1.5 Inter, system-ui, "Segoe UI", Roboto, sans-serif;
  color: light-dark(#15181c, #eceef1);
  background: light-dark(#e4e6ea, #0e0f12);
}
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; }
main { max-width: 26rem; padding: 24px; text-align: center; }
h1 { font-size: 22px; margin: 0 0 16px; }
p { margin: 0 0 24px; text-wrap: pretty; }
button {
  font: inherit; font-weight: 600; min-height: 48px; padding: 0 24px; border: 0; border-radius: 6px;
  color: light-dark(#ffffff, #1a1103); background: light-dark(#955000, #f2a33c); cursor: pointer;
}
button:disabled { opacity: 0.5; cursor: default; }
button:focus-visible { outline: 3px solid light-dark(#15181c, #eceef1); outline-offset: 3px; }
`

// The code is in the fragment, which browsers send to nobody, and leaves the address at once. It is used up only on the
// button: what merely looks at a link, as messengers do, does not pair.
const script = `const words = document.getElementById('words')
const button = document.getElementById('pair')
let code = ''

async function look() {
  code = location.hash.slice(1)
  if (code) history.replaceState(null, '', '/pair')
  const answer = await fetch('/api/pair', { cache: 'no-store' }).then((it) => it.json(), () => undefined)
  if (answer?.client === 'device' || answer?.client === 'owner') return enter()
  if (!code) return
  words.textContent = 'Pair this device with Understudy on your computer? It stays paired until you remove it.'
  button.hidden = false
}

// A page of ours that goes on brings the cookie along, also where another site led here.
function enter() {
  const here = location.pathname === '/pair' ? '/' : location.pathname + location.search
  location.replace(here)
}

async function pair() {
  button.disabled = true
  try {
    const answer = await fetch('/api/pair', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    })
    if (answer.ok) return enter()
    const { error } = await answer.json()
    words.textContent = error.message
    button.hidden = answer.status !== 429
  } catch {
    words.textContent = 'The computer cannot be reached. Are both in the same network?'
  }
  button.disabled = false
}

button.addEventListener('click', pair)
addEventListener('hashchange', look)
look()
`

/** GET /pair and its two parts. To be mounted at '/pair', before the pages of the app. */
export const pairPageRoutes = () =>
  new Hono()
    .get('/', (c) => c.html(pairPage, 200, { 'Cache-Control': 'no-store' }))
    .get('/pair.css', (c) => c.body(look, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
    .get('/pair.js', (c) => c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }))
