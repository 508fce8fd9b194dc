/** Whether two URLs name the same volume: the system may show one without the last slash it was mounted with. */
export function isSameUrl(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '')
}
