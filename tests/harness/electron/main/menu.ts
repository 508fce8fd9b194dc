import type { MenuItemConstructorOptions, PopupOptions } from 'electron'

import type { MenuItemView } from '../protocol.ts'
import { app } from './app.ts'
import { host } from './host.ts'
import { StandInEvent, Strict, StrictEmitter } from './strict.ts'

const itemsByKey = new Map<number, MenuItem>()

/** `Menu` and `MenuItem` hold each other, so Electron's types cannot be checked part by part: a menu here takes what a menu there takes. */
export class MenuItem extends Strict {
  readonly key: number
  readonly submenu: Menu | undefined
  readonly id: string | undefined
  readonly type: string
  readonly role: string | undefined
  readonly accelerator: string | undefined
  readonly click: MenuItemConstructorOptions['click']
  label: string
  enabled: boolean
  visible: boolean
  checked: boolean
  toolTip: string

  constructor(options: MenuItemConstructorOptions) {
    super()
    // Its place is taken before its submenu takes others.
    this.key = itemsByKey.size + 1
    itemsByKey.set(this.key, this)
    const { id, label, role, type, click, submenu, accelerator, enabled, visible, checked, toolTip } = options
    this.id = id
    this.label = label ?? role ?? ''
    this.role = role
    this.accelerator = accelerator ?? undefined
    this.submenu = Array.isArray(submenu)
      ? Menu.buildFromTemplate(submenu)
      : (submenu as unknown as Menu | undefined)
    this.type = type ?? (this.submenu === undefined ? 'normal' : 'submenu')
    this.click = click
    this.enabled = enabled ?? true
    this.visible = visible ?? true
    this.checked = checked ?? false
    this.toolTip = toolTip ?? ''
  }

  view(): MenuItemView {
    const { key, label, type, enabled, checked, visible, role, accelerator } = this
    const submenu = this.submenu?.view() ?? []
    return { key, label, type, enabled, checked, visible, role, accelerator, submenu }
  }
}

export class Menu extends StrictEmitter {
  readonly items: MenuItem[] = []

  constructor() {
    super(['menu-will-show', 'menu-will-close'])
  }
  static buildFromTemplate(template: readonly (MenuItemConstructorOptions | MenuItem)[]): Menu {
    const menu = new Menu()
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item))
    return menu
  }
  static setApplicationMenu(menu: Menu | null): void {
    host.show({ applicationMenu: menu?.view() })
  }
  append(item: MenuItem): void {
    this.items.push(item)
  }
  getMenuItemById(id: string): MenuItem | null {
    const items = this.items.flatMap((item) => [item, ...(item.submenu?.items ?? [])])
    return items.find((item) => item.id === id) ?? null
  }
  popup({ callback }: PopupOptions = {}): void {
    opened.open(this, callback)
  }
  closePopup(): void {
    opened.close()
  }
  view(): readonly MenuItemView[] {
    return this.items.map((item) => item.view())
  }
}

/** The menu that is open: there is at most one. */
class OpenedMenu {
  #menu: Menu | undefined
  #onClosed: (() => void) | undefined

  constructor() {
    host.answer('menu.close', () => this.close())
    host.answer('menu.choose', ({ key }) => this.choose(key))
  }
  open(menu: Menu, onClosed?: () => void): void {
    this.close()
    this.#menu = menu
    this.#onClosed = onClosed
    menu.emit('menu-will-show', new StandInEvent())
    host.show({ openMenu: menu.view() })
  }
  close(): void {
    this.#menu?.emit('menu-will-close', new StandInEvent())
    this.#onClosed?.()
    this.#menu = undefined
    this.#onClosed = undefined
    host.show({ openMenu: undefined })
  }
  choose(key: number): void {
    const item = itemsByKey.get(key)
    if (item === undefined) throw new Error(`there is no menu item ${key}`)
    this.close()
    if (item.type === 'checkbox') item.checked = !item.checked
    if (item.click !== undefined) item.click(item as never, undefined, {})
    else if (item.role === 'quit') app.quit()
    else throw new Error(`the Electron stand-in does nothing for the menu item "${item.label}"`)
  }
}

export const opened = new OpenedMenu()
