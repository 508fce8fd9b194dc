/** What a client has done to one file, and so may see of it. */
export interface KnownFile {
  /** In its content, wherever it is. */
  readonly name: string
  /** The newest version that was answered; 0 for none. Nothing older may be seen after that. */
  acknowledged: number
  /** The newest version that was asked for; nothing newer can be there. */
  attempted: number
}

/** All files of a load, by path below the drive's root. */
export class KnownFiles {
  readonly #files = new Map<string, KnownFile>()

  file(path: string): KnownFile {
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const file = { name: path, acknowledged: 0, attempted: 0 }
    this.#files.set(path, file)
    return file
  }

  /** Those that must be there, as of now. */
  acknowledged(): readonly (readonly [path: string, file: KnownFile])[] {
    return [...this.#files].filter(([, file]) => file.acknowledged > 0)
  }
}
