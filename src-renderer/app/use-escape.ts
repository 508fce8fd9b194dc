import { useEffect } from 'react'

import { send } from '../lib/send.ts'

/** Esc hides the popover, unless something in it is open that Esc closes first. */
export function useEscape(): void {
  useEffect(() => {
    const hide = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      if (document.querySelector('dialog[open]') !== null) return
      void send('popover.hide', {})
    }
    window.addEventListener('keydown', hide)
    return () => window.removeEventListener('keydown', hide)
  }, [])
}
