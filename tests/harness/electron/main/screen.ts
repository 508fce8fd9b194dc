import type { Display, Point, Rectangle, Screen } from 'electron'

import type { DisplayOptions } from '../protocol.ts'
import { host } from './host.ts'
import { StandInEvent, StrictEmitter, type Emitting } from './strict.ts'

type Implemented =
  | Emitting
  | 'getAllDisplays'
  | 'getPrimaryDisplay'
  | 'getDisplayMatching'
  | 'getDisplayNearestPoint'
  | 'getCursorScreenPoint'

type PartOfDisplay = Pick<
  Display,
  'id' | 'bounds' | 'workArea' | 'size' | 'workAreaSize' | 'scaleFactor' | 'rotation' | 'internal' | 'label'
>

/** The first display has the menu bar with the icon; all have one. */
export class Displays {
  all: readonly PartOfDisplay[] = host.options.displays.map(displayOf)

  get primary(): PartOfDisplay {
    return this.all[0]!
  }
}

function displayOf(
  { bounds, menuBarHeight = 24, scaleFactor = 2 }: DisplayOptions,
  index: number,
): PartOfDisplay {
  const { x, y, width, height } = bounds
  const workArea = { x, y: y + menuBarHeight, width, height: height - menuBarHeight }
  return {
    id: index + 1,
    bounds,
    workArea,
    size: { width, height },
    workAreaSize: { width, height: workArea.height },
    scaleFactor,
    rotation: 0,
    internal: index === 0,
    label: `Display ${index + 1}`,
  }
}

export const displays = new Displays()

export class StandInScreen extends StrictEmitter implements Pick<Screen, Implemented> {
  constructor() {
    super(['display-added', 'display-removed', 'display-metrics-changed'])
    host.answer('set-displays', (asked) => {
      displays.all = asked.displays.map(displayOf)
      this.emit('display-metrics-changed', new StandInEvent(), displays.primary, ['bounds', 'workArea'])
    })
  }
  getAllDisplays(): Display[] {
    return displays.all.map(whole)
  }
  getPrimaryDisplay(): Display {
    return whole(displays.primary)
  }
  getDisplayMatching({ x, y, width, height }: Rectangle): Display {
    return this.getDisplayNearestPoint({ x: x + width / 2, y: y + height / 2 })
  }
  getDisplayNearestPoint(point: Point): Display {
    const nearest = displays.all.toSorted((a, b) => distance(point, a.bounds) - distance(point, b.bounds))
    return whole(nearest[0]!)
  }
  getCursorScreenPoint(): Point {
    return { x: displays.primary.bounds.x, y: displays.primary.bounds.y }
  }
}

function distance({ x, y }: Point, area: Rectangle): number {
  const beyond = (at: number, from: number, size: number): number =>
    Math.max(from - at, 0, at - (from + size - 1))
  return Math.hypot(beyond(x, area.x, area.width), beyond(y, area.y, area.height))
}

/** What a display here does not know (its colours, its touch support) is not asked for. */
function whole(display: PartOfDisplay): Display {
  return display as Display
}

export const screen = new StandInScreen()
