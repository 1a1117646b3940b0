import { onSettings, settings } from '../settings.ts'

/** The page's colours follow the setting; the browser's own frame around it too, which reads them from `theme-color`. */
export function followTheme(): void {
  const metas = [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')]
  const [dark = '', light = ''] = metas.map(({ content }) => content)
  const apply = () => {
    const { theme } = settings()
    document.documentElement.dataset.theme = theme
    for (const meta of metas) {
      const ofSystem = meta.media.includes('dark') ? dark : light
      meta.content = theme === 'system' ? ofSystem : theme === 'dark' ? dark : light
    }
  }
  onSettings(apply)
  apply()
}
