import type { MethodHandler } from './exchange.ts'
import { copy } from './methods/copy.ts'
import { deleteResource } from './methods/delete.ts'
import { get, head } from './methods/get.ts'
import { lock } from './methods/lock.ts'
import { mkcol } from './methods/mkcol.ts'
import { move } from './methods/move.ts'
import { createPropfind } from './methods/propfind.ts'
import { proppatch } from './methods/proppatch.ts'
import { put } from './methods/put.ts'
import { unlock } from './methods/unlock.ts'

/** Handlers by method, for all but OPTIONS, which needs no tree. */
export function createMethodTable(): ReadonlyMap<string, MethodHandler> {
  return new Map<string, MethodHandler>([
    ['PROPFIND', createPropfind()],
    ['GET', get],
    ['HEAD', head],
    ['PUT', put],
    ['DELETE', deleteResource],
    ['MKCOL', mkcol],
    ['MOVE', move],
    ['COPY', copy],
    ['PROPPATCH', proppatch],
    ['LOCK', lock],
    ['UNLOCK', unlock],
  ])
}
