/** In the screen's own pixels, which begin at the primary display's upper left corner and may be negative. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface DisplayArea {
  readonly bounds: Rect
  /** Without menu bar and Dock. */
  readonly workArea: Rect
}

export interface PopoverWish {
  /** Of the tray icon. Empty where the system does not tell, or keeps the icon out of sight. */
  readonly icon: Rect
  /** At least one; the first is the primary display. */
  readonly displays: readonly [DisplayArea, ...DisplayArea[]]
  readonly width: number
  readonly height: number
}

const edgePx = 8
const gapPx = 4

/**
 * Where the popover goes: centred under its icon, on the icon's display, wholly inside that display's work area; above the icon where the
 * icon is at the bottom. As high as wished, or as high as the display allows.
 */
export function placePopover({ icon, displays, width, height }: PopoverWish): Rect {
  const display = displayOf(icon, displays)
  const area = display.workArea
  const place = isEmpty(icon) ? { ...endOfMenuBar(display), width: 0, height: 0 } : icon
  const isAtBottom = centre(place).y > centre(display.bounds).y
  const top = area.y + gapPx
  const bottom = area.y + area.height - gapPx
  const fitting = Math.max(1, Math.min(height, bottom - top))
  const wishedY = isAtBottom ? place.y - gapPx - fitting : place.y + place.height + gapPx
  return {
    x: Math.round(clamp(centre(place).x - width / 2, area.x + edgePx, area.x + area.width - edgePx - width)),
    y: Math.round(clamp(wishedY, top, bottom - fitting)),
    width,
    height: Math.round(fitting),
  }
}

/** The display the icon is on, or the nearest where it is on none: displays are unplugged while menus are open. */
function displayOf(icon: Rect, displays: PopoverWish['displays']): DisplayArea {
  if (isEmpty(icon)) return displays[0]
  const point = centre(icon)
  return displays.reduce((best, display) =>
    distance(point, display.bounds) < distance(point, best.bounds) ? display : best,
  )
}

function isEmpty({ width, height }: Rect): boolean {
  return width <= 0 || height <= 0
}

function endOfMenuBar({ bounds, workArea }: DisplayArea): { readonly x: number; readonly y: number } {
  return { x: bounds.x + bounds.width, y: workArea.y }
}

function centre({ x, y, width, height }: Rect): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height / 2 }
}

/** Zero inside. */
function distance(point: { readonly x: number; readonly y: number }, rect: Rect): number {
  const dx = Math.max(rect.x - point.x, 0, point.x - (rect.x + rect.width))
  const dy = Math.max(rect.y - point.y, 0, point.y - (rect.y + rect.height))
  return Math.hypot(dx, dy)
}

/** The lower bound wins where there is no room between the two. */
function clamp(value: number, lowest: number, highest: number): number {
  return Math.max(lowest, Math.min(value, highest))
}
