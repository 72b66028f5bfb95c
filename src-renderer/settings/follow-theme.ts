import type { SettingsStore } from '../stores/settings-store'

/** Keeps `data-theme` on the root as the setting says, or as the system says. */
export function followTheme(options: { settings: SettingsStore; root: HTMLElement }): void {
  const { settings, root } = options
  const systemLight = matchMedia('(prefers-color-scheme: light)')
  const apply = () => {
    const theme = settings.store.getState().settings?.theme ?? 'system'
    root.dataset['theme'] = theme === 'system' ? (systemLight.matches ? 'light' : 'dark') : theme
  }
  settings.store.subscribe(apply)
  systemLight.addEventListener('change', apply)
  apply()
}
