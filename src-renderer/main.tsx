import './api/zod-without-eval'
import './ui/tokens.css'
import './ui/base.css'
import './ui/buttons.css'
import './ui/fields.css'
import './ui/modal.css'
import './ui/notices.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from './api/connect'
import { App } from './app/app'
import { createServices } from './app/services'
import { ServicesContext } from './app/services-context'
import { followTheme } from './settings/follow-theme'
import { createUiStore } from './stores/ui-store'

const ui = createUiStore()
const connection = connect({
  window,
  onStatus: (status) => {
    ui.store.setState({ connection: status })
  },
})
const services = createServices({
  connection,
  ui,
  session: window.sessionStorage,
  memory: window.localStorage,
})
followTheme({ settings: services.settings, root: document.documentElement })

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <App />
    </ServicesContext>
  </StrictMode>,
)
