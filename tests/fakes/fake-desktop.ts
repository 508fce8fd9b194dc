import type { Desktop, Updates } from '../../src-main/app/ports.ts'
import { createEmitter } from '../../src-main/lib/event.ts'
import type { UpdateView } from '../../src-main/shared/app/snapshot.ts'

/** A desktop that does nothing and remembers what it was asked. */
export class FakeDesktop implements Desktop {
  /** What was done, in order: its name and what it was done with. */
  readonly deeds: (readonly [what: string, ...args: unknown[]])[] = []
  /** What a person answers to the next dialogs, first come first served; nothing is a cancel. */
  readonly answers: (string | undefined)[] = []
  isAtLogin = false
  readonly updates = new FakeUpdates(this.deeds)

  revealPath(path: string): void {
    this.deeds.push(['reveal', path])
  }

  openPath(path: string): Promise<void> {
    this.deeds.push(['open-path', path])
    return Promise.resolve()
  }

  openUrl(url: string): Promise<boolean> {
    this.deeds.push(['open-url', url])
    return Promise.resolve(true)
  }

  openLink(link: string): Promise<void> {
    this.deeds.push(['open-link', link])
    return Promise.resolve()
  }

  copyText(text: string): void {
    this.deeds.push(['copy', text])
  }

  chooseFolder({ title }: { readonly title: string }): Promise<string | undefined> {
    this.deeds.push(['choose-folder', title])
    return Promise.resolve(this.answers.shift())
  }

  chooseSavePath({ defaultName }: { readonly defaultName: string }): Promise<string | undefined> {
    this.deeds.push(['choose-save-path', defaultName])
    return Promise.resolve(this.answers.shift())
  }

  resizePopover(height: number): void {
    this.deeds.push(['resize', height])
  }

  hidePopover(): void {
    this.deeds.push(['hide'])
  }

  showView(view: string): void {
    this.deeds.push(['show', view])
  }

  opensAtLogin(): boolean {
    return this.isAtLogin
  }

  setOpensAtLogin(isOn: boolean): void {
    this.isAtLogin = isOn
  }

  quit(): void {
    this.deeds.push(['quit'])
  }
}

class FakeUpdates implements Updates {
  view: UpdateView = { kind: 'none' }
  readonly changed = createEmitter<UpdateView>()
  readonly #deeds: FakeDesktop['deeds']

  constructor(deeds: FakeDesktop['deeds']) {
    this.#deeds = deeds
  }

  become(view: UpdateView): void {
    this.view = view
    this.changed.fire(view)
  }

  setChannel(channel: string): void {
    this.#deeds.push(['channel', channel])
  }

  install(): void {
    this.#deeds.push(['install'])
  }
}
