/** 96 bits as hexadecimal digits; `crypto.randomUUID` is missing where the page comes by plain HTTP from another host. */
export const randomName = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, '0')).join('')
