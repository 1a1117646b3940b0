import './handle.ts'
import { takeToken, terminalInAddress } from './address.ts'
import { screenReaderSwitch } from './page/screen-reader.ts'
import { askForToken, trySignIn } from './page/sign-in.ts'
import { StatusBar } from './page/status-bar.ts'
import { followVisibleHeight } from './page/visible-height.ts'
import { Screen } from './terminal/screen.ts'
import { TerminalView } from './terminal/view.ts'
import { language, words } from './words.ts'

/** The token of the address, when there is one, is traded before anything else is asked for. */
async function signInByAddress(): Promise<void> {
  const token = takeToken()
  const wrong = token === undefined ? undefined : await trySignIn(token)
  if (wrong !== undefined) await askForToken(wrong)
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`index.html has no #${id}`)
  return found
}

async function start(): Promise<void> {
  document.documentElement.lang = language
  byId('terminal').ariaLabel = words.terminal
  followVisibleHeight()
  const status = new StatusBar(byId('status'))
  status.show('connecting', words.connecting)
  const [screen] = await Promise.all([Screen.open(byId('screen')), signInByAddress()])
  byId('status').append(screenReaderSwitch(screen.terminal))
  const view = new TerminalView(screen, status, () => askForToken(''))
  globalThis.ditty = {
    terminal: screen.terminal,
    get session() {
      return view.id
    },
  }
  // An address with a token, pasted into a tab that is already here, changes only the part behind the #.
  addEventListener('hashchange', () => location.reload())
  const id = terminalInAddress()
  if (id === undefined) await view.create()
  else await view.open(id)
}

void start()
