const namespace = 'http://www.w3.org/2000/svg'

const shapes = {
  clip: 'M11 4.5 5.6 9.9a2 2 0 0 0 2.8 2.8l5.2-5.2a3.5 3.5 0 0 0-5-5L3.4 7.8a5 5 0 0 0 7.1 7.1L14.5 11',
  file: 'M4 1.5h5l3 3v10H4zM9 1.5v3h3',
  folder: 'M1.5 3.5h4.5l1.5 2h7v8h-13z',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  upload: 'M8 11V3M4.5 6.5 8 3l3.5 3.5M2.5 13.5h11',
  link: 'M4 1.5h5l3 3v10H4zM6 11.5v-2h3.5M8 8l1.5 1.5L8 11',
  newFolder: 'M1.5 3.5h4.5l1.5 2h7v8h-13zM8 7.5v4M6 9.5h4',
  remove: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 10h6.6L12 4M6.7 6.5v5M9.3 6.5v5',
  again: 'M13 8a5 5 0 1 1-1.6-3.7M11.5 1.5v3h-3',
  edit: 'M2.5 13.5l.7-3 7.8-7.8 2.3 2.3-7.8 7.8zM9.5 4.2l2.3 2.3',
  follow: 'M8 1.5v9M4.5 7 8 10.5 11.5 7M3 14.5h2M7 14.5h2M11 14.5h2',
  stop: 'M4 4h8v8H4z',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3 14 14',
} as const

/** A drawing of 16 by 16 in the colour of the text around it. */
export function icon(name: keyof typeof shapes): SVGElement {
  const svg = document.createElementNS(namespace, 'svg')
  const path = document.createElementNS(namespace, 'path')
  for (const [key, value] of Object.entries({ viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' }))
    svg.setAttribute(key, value)
  path.setAttribute('d', shapes[name])
  svg.append(path)
  return svg
}
