const textTypes =
  /^(text\/|application\/(json|xml|javascript|ecmascript|yaml|x-www-form-urlencoded|x-ndjson|openmetrics-text))|[+](json|xml|yaml)\b/i

/** Whether a body is text as far as its headers tell. */
export function isText(contentType: string | undefined, contentEncoding: string | undefined): boolean {
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') return false
  return contentType !== undefined && textTypes.test(contentType)
}
