import { writeFileSync } from 'node:fs'

import { format, resolveConfig } from 'prettier'

import { permissionsPagePath, renderPermissionsPage } from './permissions-page.ts'

/** Writes docs/permissions.md anew. */
const config = await resolveConfig(permissionsPagePath)
writeFileSync(permissionsPagePath, await format(renderPermissionsPage(), { ...config, parser: 'markdown' }))
