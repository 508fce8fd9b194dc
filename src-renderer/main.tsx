import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from './app/app.tsx'
import { connect } from './app/connect.ts'
import { ErrorBoundary } from './app/error-boundary.tsx'
import './styles/main.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

// The page lives as long as its window: nobody ends this connection before.
connect(window.mountbar)
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </StrictMode>,
)
