import type { NativeImage, Rectangle, Tray as ElectronTray } from 'electron'

import { host } from './host.ts'
import { standInImage } from './images.ts'
import { Menu, opened } from './menu.ts'
import { displays } from './screen.ts'
import { StrictEmitter, type Emitting } from './strict.ts'

type Implemented =
  | Emitting
  | 'setImage'
  | 'setPressedImage'
  | 'setToolTip'
  | 'setTitle'
  | 'getTitle'
  | 'getBounds'
  | 'destroy'
  | 'isDestroyed'
  | 'setIgnoreDoubleClickEvents'
  | 'getIgnoreDoubleClickEvents'
  | 'setContextMenu'
  | 'popUpContextMenu'
  | 'closeContextMenu'

const iconWidth = 24
/** From the right edge: what else is up there. */
const othersWidth = 300

/** The icon in the menu bar of the primary display. There is room for one. */
export class Tray extends StrictEmitter implements Pick<ElectronTray, Implemented> {
  #image: NativeImage | string
  #pressed: NativeImage | string | undefined
  #toolTip = ''
  #title = ''
  #menu: Menu | undefined
  #isDestroyed = false
  #ignoresDoubleClicks = false

  constructor(image: NativeImage | string) {
    super([
      'click',
      'right-click',
      'double-click',
      'mouse-enter',
      'mouse-leave',
      'mouse-move',
      'mouse-up',
      'mouse-down',
    ])
    this.#image = image
    this.#show()
    host.answer('tray.click', ({ button }) => {
      const keys = {
        altKey: false,
        shiftKey: false,
        ctrlKey: false,
        metaKey: false,
        triggeredByAccelerator: false,
      }
      const { x, y } = this.getBounds()
      this.emit(button, keys, this.getBounds(), { x, y })
      if (this.#menu !== undefined) opened.open(this.#menu)
    })
  }
  setImage(image: NativeImage | string): void {
    this.#image = image
    this.#show()
  }
  setPressedImage(image: NativeImage | string): void {
    this.#pressed = image
    this.#show()
  }
  setToolTip(toolTip: string): void {
    this.#toolTip = toolTip
    this.#show()
  }
  setTitle(title: string): void {
    this.#title = title
    this.#show()
  }
  getTitle(): string {
    return this.#title
  }
  setIgnoreDoubleClickEvents(ignore: boolean): void {
    this.#ignoresDoubleClicks = ignore
  }
  getIgnoreDoubleClickEvents(): boolean {
    return this.#ignoresDoubleClicks
  }
  setContextMenu(menu: unknown): void {
    this.#menu = menu instanceof Menu ? menu : undefined
    this.#show()
  }
  popUpContextMenu(menu?: unknown): void {
    const wanted = menu instanceof Menu ? menu : this.#menu
    if (wanted !== undefined) opened.open(wanted)
  }
  closeContextMenu(): void {
    opened.close()
  }
  getBounds(): Rectangle {
    const { bounds, workArea } = displays.primary
    return {
      x: bounds.x + bounds.width - othersWidth,
      y: bounds.y,
      width: iconWidth,
      height: workArea.y - bounds.y,
    }
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  destroy(): void {
    this.#isDestroyed = true
    host.show({ tray: undefined })
  }

  #show(): void {
    const image = standInImage(this.#image)
    if (image.isEmpty()) throw new Error(`the image of the tray cannot be read: ${image.path}`)
    host.show({
      tray: {
        imagePath: image.path,
        isTemplate: image.isTemplateImage(),
        pressedImagePath: this.#pressed === undefined ? undefined : standInImage(this.#pressed).path,
        toolTip: this.#toolTip,
        title: this.#title,
        bounds: this.getBounds(),
        menu: this.#menu?.view(),
      },
    })
  }
}
