/** The token stands in the fragment, which browsers keep to themselves: it reaches no server log and no Referer. */
export const addressWithToken = (url: string, token: string): string => `${url}/#token=${encodeURIComponent(token)}`
