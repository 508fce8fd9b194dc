/**
 * A suite that cannot run here carries the reason in its title, so that it is seen in every reporter and reaches the
 * closing summary through vitest's own report.
 */
const mark = ' [not run: '

export function notRunTitle(title: string, reason: string): string {
  return `${title}${mark}${reason}]`
}

/** The parts of a title made by `notRunTitle`; `undefined` for any other. */
export function parseNotRunTitle(
  text: string,
): { readonly title: string; readonly reason: string } | undefined {
  const at = text.lastIndexOf(mark)
  if (at < 0 || !text.endsWith(']')) return undefined
  return { title: text.slice(0, at), reason: text.slice(at + mark.length, -1) }
}
