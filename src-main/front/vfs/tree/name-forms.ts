/** ASCII looks the same in every Unicode form. */
const onlyAscii = /^[\0-\x7f]*$/

export function isAscii(text: string): boolean {
  return onlyAscii.test(text)
}

/** The spellings under which `name` may exist, in the order they are tried: as given, composed, decomposed. */
export function formsOf(name: string): readonly string[] {
  return isAscii(name) ? [name] : [...new Set([name, name.normalize('NFC'), name.normalize('NFD')])]
}

/** The one spelling in which names are created, and by which what is kept on the Mac is found. */
export function composed<T extends string>(text: T): T {
  // Normalisation adds or removes neither slashes nor dots, so a path stays one.
  return isAscii(text) ? text : (text.normalize('NFC') as T)
}
