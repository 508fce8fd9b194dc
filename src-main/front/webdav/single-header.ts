/** A header that makes sense only once; undefined when it is missing or was sent several times. */
export function singleHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
