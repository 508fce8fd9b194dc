import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

import { Icon } from './icon.tsx'

export interface MenuItem {
  readonly label: string
  readonly onSelect: () => void
  readonly danger?: boolean
  readonly separated?: boolean
}

/** "More…" with a menu. Arrow keys move in it, letters jump, Esc and Tab close it; the focus returns to the button. */
export function MenuButton({ label, items }: { label: string; items: readonly MenuItem[] }): ReactNode {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    <div className="menu-anchor">
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        title="More"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          setOpen(true)
        }}
      >
        <Icon name="more" />
      </button>
      {open && <Menu id={id} label={label} items={items} onClose={close} onLeave={() => setOpen(false)} />}
    </div>
  )
}

interface MenuProps {
  readonly id: string
  readonly label: string
  readonly items: readonly MenuItem[]
  /** Chosen, or given up by a key. */
  readonly onClose: () => void
  /** Something else was clicked. */
  readonly onLeave: () => void
}

function Menu({ id, label, items, onClose, onLeave }: MenuProps): ReactNode {
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = menu.current
    if (element === null) return
    // At the lower edge of a list that scrolls there is no room below.
    const { bottom, height, top } = element.getBoundingClientRect()
    if (bottom > window.innerHeight && top - height > 40) element.classList.add('menu-above')
    itemsOf(element)[0]?.focus()
  }, [])
  useEffect(() => {
    const leave = (event: Event): void => {
      if (event.target instanceof Node && menu.current?.parentElement?.contains(event.target) === false)
        onLeave()
    }
    document.addEventListener('pointerdown', leave)
    return () => document.removeEventListener('pointerdown', leave)
  }, [onLeave])

  const handleKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      onClose()
      return
    }
    const next = nextItem(itemsOf(event.currentTarget), event.key)
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }
  return (
    <div ref={menu} id={id} className="menu" role="menu" aria-label={label} onKeyDown={handleKey}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={`menu-item ${item.danger === true ? 'menu-item-danger' : ''} ${item.separated === true ? 'menu-item-separated' : ''}`}
          onClick={() => {
            onClose()
            item.onSelect()
          }}
        >
          {item.label}
        </button>
      ))}
    </div>
  )
}

function itemsOf(menu: HTMLElement): readonly HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')]
}

/** Where a key leads from the item that has the focus; nowhere for keys that mean nothing here. */
function nextItem(items: readonly HTMLElement[], key: string): HTMLElement | undefined {
  const at = items.findIndex((item) => item === document.activeElement)
  if (key === 'ArrowDown') return items[(at + 1) % items.length]
  if (key === 'ArrowUp') return items.at(at - 1)
  if (key === 'Home') return items[0]
  if (key === 'End') return items.at(-1)
  if (key.length !== 1 || key === ' ') return undefined
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)]
  return after.find((item) => item.textContent.toLowerCase().startsWith(key.toLowerCase()))
}
