/** Keeps the page above an on-screen keyboard, also where the browser (Safari) only pans the page under it. */
export function followVisibleHeight(): void {
  const viewport = window.visualViewport
  viewport?.addEventListener('resize', () => {
    if (viewport.scale !== 1) return
    document.documentElement.style.setProperty('--visible', `${viewport.height}px`)
    scrollTo(0, 0)
  })
}
