import './handle.ts'
import { takeLink, takeToken } from './address.ts'
import { askForToken, trySignIn } from './page/sign-in.ts'
import { followTheme } from './page/theme.ts'
import { followVisibleHeight } from './page/visible-height.ts'
import { followOtherTabs } from './settings.ts'
import { fontsReady } from './terminal/fonts.ts'
import { language, words } from './words.ts'
import { features } from './workspace/features.ts'
import { openPage } from './workspace/page.ts'

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
  followTheme()
  followVisibleHeight()
  followOtherTabs()
  // An address with a token, pasted into a tab that is already here, changes only the part behind the #.
  addEventListener('hashchange', () => location.reload())
  void fontsReady()
  const link = takeLink()
  if (!link) await signInByAddress()
  const parts = { tabs: byId('tabs'), stage: byId('terminal'), status: byId('status') }
  const workspace = await openPage(parts, { features, link, askForToken: () => askForToken('') })
  globalThis.ditty = {
    get terminal() {
      return workspace.pane!.terminal
    },
    get session() {
      return workspace.pane?.view.id
    },
  }
}

void start()
