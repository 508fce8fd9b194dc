import { z } from 'zod'

import type { ContainerDetails, ContainerEvent, ContainerFacts, ImageFacts } from './engine.ts'

/** One line of `GET /containers/json`. */
export const listedContainerSchema = z.object({
  Id: z.string(),
  State: z.string(),
  Labels: z.record(z.string(), z.string()).nullish(),
  Created: z.number(),
})

/** `GET /containers/<id>/json`, as far as it is used. */
export const inspectedContainerSchema = z.object({
  Id: z.string(),
  Created: z.string(),
  State: z.object({ Status: z.string(), ExitCode: z.number(), OOMKilled: z.boolean().default(false) }),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
  NetworkSettings: z.object({
    Ports: z
      .record(
        z.string(),
        z.array(z.object({ HostIp: z.string().default(''), HostPort: z.string() })).nullish(),
      )
      .nullish(),
  }),
})

/** One line of `GET /events`. Docker has called the same things by two names, and Podman uses the older ones. */
export const eventSchema = z.object({
  Action: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  Actor: z
    .object({ ID: z.string().optional(), Attributes: z.record(z.string(), z.string()).nullish() })
    .optional(),
})

/** One line of `GET /images/json`. */
export const listedImageSchema = z.object({
  Id: z.string(),
  RepoTags: z.array(z.string()).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
})

const anyAddress = new Set(['', '0.0.0.0', '::'])

export function factsOf({
  Id,
  State,
  Labels,
  Created,
}: z.output<typeof listedContainerSchema>): ContainerFacts {
  return { id: Id, state: State, labels: Labels ?? {}, createdAtMs: Created * 1000 }
}

/** `used` has what containers say of their images: names and ids. */
export function imageFactsOf(
  { Id, RepoTags, Labels }: z.output<typeof listedImageSchema>,
  used: ReadonlySet<string>,
): ImageFacts {
  const refs = (RepoTags ?? []).filter((ref) => ref !== '<none>:<none>')
  return { refs, labels: Labels ?? {}, isUsed: [Id, ...refs].some((name) => used.has(name)) }
}

export function detailsOf(answer: z.output<typeof inspectedContainerSchema>): ContainerDetails {
  const ports = Object.entries(answer.NetworkSettings.Ports ?? {}).flatMap(([inside, bindings]) =>
    (bindings ?? []).slice(0, 1).map(({ HostIp, HostPort }) => {
      const host = anyAddress.has(HostIp) ? '127.0.0.1' : HostIp
      return [Number.parseInt(inside, 10), { host, port: Number(HostPort) }] as const
    }),
  )
  return {
    id: answer.Id,
    state: answer.State.Status,
    labels: answer.Config.Labels ?? {},
    createdAtMs: Date.parse(answer.Created),
    exitCode: answer.State.ExitCode,
    wasOutOfMemory: answer.State.OOMKilled,
    publishedPorts: new Map(ports),
  }
}

/** What an event says about a container, if it is one of the few that matter. An action may carry a suffix: `health_status: healthy`. */
export function eventOf({
  Action,
  status,
  id,
  Actor,
}: z.output<typeof eventSchema>): ContainerEvent | undefined {
  const containerId = Actor?.ID ?? id
  if (containerId === undefined) return undefined
  const [action = ''] = (Action ?? status ?? '').split(':')
  switch (action) {
    case 'die':
    case 'died': {
      const attributes = Actor?.Attributes ?? {}
      const exitCode = attributes['exitCode'] ?? attributes['containerExitCode'] ?? '-1'
      return { type: 'died', containerId, exitCode: Number(exitCode) }
    }
    case 'oom':
      return { type: 'out-of-memory', containerId }
    case 'destroy':
    case 'remove':
      return { type: 'removed', containerId }
    default:
      return undefined
  }
}
