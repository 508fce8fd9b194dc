import { readFileSync } from 'node:fs'

import type { NativeImage, Size } from 'electron'

import { Strict } from './strict.ts'

type Implemented =
  | 'isEmpty'
  | 'setTemplateImage'
  | 'isTemplateImage'
  | 'getSize'
  | 'toPNG'
  | 'toDataURL'
  | 'resize'
  | 'addRepresentation'

/** A PNG file, whose other scales (`@2x`) are there by their names. */
export class StandInImage extends Strict implements Pick<NativeImage, Implemented> {
  readonly path: string
  readonly #png: Buffer
  #isTemplate: boolean

  constructor(path: string, png: Buffer) {
    super()
    this.path = path
    this.#png = png
    // As macOS does.
    this.#isTemplate = /Template(@\dx)?\.png$/.test(path)
  }
  isEmpty(): boolean {
    return this.#png.length === 0
  }
  setTemplateImage(option: boolean): void {
    this.#isTemplate = option
  }
  isTemplateImage(): boolean {
    return this.#isTemplate
  }
  getSize(): Size {
    if (this.isEmpty()) return { width: 0, height: 0 }
    return { width: this.#png.readUInt32BE(16), height: this.#png.readUInt32BE(20) }
  }
  toPNG(): Buffer {
    return this.#png
  }
  toDataURL(): string {
    return `data:image/png;base64,${this.#png.toString('base64')}`
  }
  resize(): NativeImage {
    return this as unknown as NativeImage
  }
  addRepresentation(): void {
    // There is one scale.
  }
}

export class NativeImages extends Strict {
  createFromPath(path: string): StandInImage {
    return new StandInImage(path, readOrNothing(path))
  }
  createFromBuffer(buffer: Buffer): StandInImage {
    return new StandInImage('', buffer)
  }
  createFromDataURL(url: string): StandInImage {
    return new StandInImage('', Buffer.from(url.split(',')[1] ?? '', 'base64'))
  }
  createEmpty(): StandInImage {
    return new StandInImage('', Buffer.alloc(0))
  }
}

export const nativeImage = new NativeImages()

/** What the app hands over is ours, or the path of a file. */
export function standInImage(image: NativeImage | string): StandInImage {
  return typeof image === 'string' ? nativeImage.createFromPath(image) : (image as unknown as StandInImage)
}

/** As Electron: a file that cannot be read is an empty image. */
function readOrNothing(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}
