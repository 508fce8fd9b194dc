import { useEffect, type RefObject } from 'react'

import { send } from '../lib/send.ts'

/** Between what floats over the page and the window's edge. */
const marginPx = 12

/**
 * Tells main how high the window has to be for all of its content: a menu or a dialog that is open included, which the window
 * would cut off otherwise.
 */
export function usePopoverHeight(
  /** What stays above a content that scrolls. */
  chrome: RefObject<HTMLElement | null> | undefined,
  content: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    let toldPx = 0
    const tell = (): void => {
      const height = Math.min(4_000, Math.ceil(neededHeight(chrome?.current, content.current)))
      if (height < 1 || height === toldPx) return
      toldPx = height
      void send('popover.resize', { height })
    }
    const sizes = new ResizeObserver(tell)
    // A menu that opens changes no size. A view that changes brings another content.
    const tree = new MutationObserver(() => {
      watchSizes()
      tell()
    })
    const watchSizes = (): void => {
      sizes.disconnect()
      for (const element of [chrome?.current, content.current]) if (element) sizes.observe(element)
    }
    watchSizes()
    tree.observe(document.body, { subtree: true, childList: true, attributeFilter: ['open', 'class'] })
    return () => {
      sizes.disconnect()
      tree.disconnect()
    }
  }, [chrome, content])
}

function neededHeight(chrome: HTMLElement | null | undefined, content: HTMLElement | null): number {
  if (content === null) return 0
  const above = chrome?.offsetHeight ?? 0
  const own = above + content.offsetHeight
  const dialog = document.querySelector<HTMLElement>('dialog[open]')
  const menu = document.querySelector<HTMLElement>('[role=menu]')
  const menuBottom =
    menu === null ? 0 : above + menu.getBoundingClientRect().bottom - content.getBoundingClientRect().top
  return Math.max(
    own,
    dialog === null ? 0 : dialog.offsetHeight + 2 * marginPx,
    menu === null ? 0 : menuBottom + marginPx,
  )
}
